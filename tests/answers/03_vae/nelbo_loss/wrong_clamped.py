# wrong: it is clamped at 0
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    return (rate - log_likelihood.mean(0)).clamp(min=0).mean(), rate
