# wrong: the log variance is taken for the log of the standard deviation
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * ((2 * log_variance).exp() + mean**2 - 1 - 2 * log_variance)).sum(-1)
    return (rate - log_likelihood.mean(0)).mean(), rate
