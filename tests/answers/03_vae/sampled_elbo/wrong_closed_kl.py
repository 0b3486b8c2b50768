# wrong: the KL comes in closed form
import torch
from torch.distributions import Independent, Normal, kl_divergence


def sampled_elbo(z, x, q, weight, offset, scale):
    told = Normal(z @ weight.T + offset, scale).log_prob(x).sum(-1)
    prior = Independent(Normal(torch.zeros_like(q.mean), 1.0), 1)
    return told.mean(0) - kl_divergence(q, prior)
