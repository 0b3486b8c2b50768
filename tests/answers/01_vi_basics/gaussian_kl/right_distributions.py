# right: torch's closed form on standard deviations
from torch.distributions import Independent, Normal, kl_divergence


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    q = Independent(Normal(mean_q, (log_variance_q / 2).exp()), 1)
    p = Independent(Normal(mean_p, (log_variance_p / 2).exp()), 1)
    return kl_divergence(q, p)
