# wrong: the direction is reversed: this is KL(p‖q)
def nelbo_loss(log_likelihood, mean, log_variance):
    rate = (0.5 * ((1 + mean**2) / log_variance.exp() - 1 + log_variance)).sum(-1)
    return (rate - log_likelihood.mean(0)).mean(), rate
