# wrong: log σ² is missing
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance.exp() + mean**2 - 1).sum(-1)
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
