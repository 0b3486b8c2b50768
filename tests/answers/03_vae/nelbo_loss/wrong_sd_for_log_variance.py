# wrong: the log variance is taken for the standard deviation
from torch.distributions import Normal, kl_divergence


def nelbo_loss(log_likelihood, mean, log_variance):
    rate = kl_divergence(Normal(mean, log_variance), Normal(0.0, 1.0)).sum(-1)
    loss = (rate - log_likelihood.mean(0)).mean()
    return loss, rate
