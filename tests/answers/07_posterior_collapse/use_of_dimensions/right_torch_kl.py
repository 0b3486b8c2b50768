# right: torch's KL, and a count in plain Python
import torch
from torch.distributions import Normal, kl_divergence


def kl_per_dimension(mean, log_variance):
    return kl_divergence(
        Normal(mean, (log_variance / 2).exp()), Normal(torch.zeros_like(mean), 1.0)
    )


def active_units(means, threshold):
    return sum(v > threshold for v in means.var(0).tolist())
