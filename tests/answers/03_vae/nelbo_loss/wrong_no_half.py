# wrong: the factor ½ is missing
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    return (rate - log_likelihood.mean(0)).mean(), rate
