# right: torch's KL
from torch.distributions import Independent, Normal, kl_divergence


def nelbo_loss(log_likelihood, mean, log_variance):
    q = Independent(Normal(mean, (log_variance / 2).exp()), 1)
    rate = kl_divergence(q, Independent(Normal(0 * mean, 1.0), 1))
    return rate.mean() - log_likelihood.mean(), rate
