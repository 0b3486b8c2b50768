# wrong: μ² has the wrong sign
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance.exp() - mean**2 - 1 - log_variance).sum(-1)
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
