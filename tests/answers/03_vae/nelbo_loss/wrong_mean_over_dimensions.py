# wrong: it is averaged over dimensions: a KL sums over them
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * (log_variance.exp() + mean**2 - 1 - log_variance)).mean(-1)
    return (rate - log_likelihood.mean(0)).mean(), rate
