# right: the mean over samples and batch at once
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = -0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum(dim=1)
    return [(rate - log_likelihood).mean(), rate]
