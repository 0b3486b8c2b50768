# wrong: the log variance is taken for the variance
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance + mean**2 - 1 - log_variance.log()).sum(-1)
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
