# wrong: the KL in it is averaged over dimensions
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * (log_variance.exp() + mean**2 - 1 - log_variance)).sum(-1)
    return (rate / mean.shape[-1] - log_likelihood.mean(0)).mean(), rate
