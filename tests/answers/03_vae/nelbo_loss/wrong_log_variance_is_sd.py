# wrong: the log variance is taken for the standard deviation
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * (log_variance**2 + mean**2 - 1 - 2 * log_variance.abs().log())).sum(-1)
    return (rate - log_likelihood.mean(0)).mean(), rate
