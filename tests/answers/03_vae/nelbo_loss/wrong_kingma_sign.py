# wrong: the sign is flipped
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(-1)
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
