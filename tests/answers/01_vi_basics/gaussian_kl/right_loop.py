# right: one dimension after the other, by torch.distributions
from torch.distributions import Normal, kl_divergence


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    total = 0
    for m, a, n, b in zip(mean_q.T, log_variance_q.T, mean_p.T, log_variance_p.T):
        total = total + kl_divergence(Normal(m, (a / 2).exp()), Normal(n, (b / 2).exp()))
    return total
