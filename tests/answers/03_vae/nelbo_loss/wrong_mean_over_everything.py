# wrong: it is averaged over dimensions and batch
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * (log_variance.exp() + mean**2 - 1 - log_variance)).mean()
    return (rate - log_likelihood.mean(0)).mean(), rate
