# right: torch.distributions
import torch
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence


def mended_nelbo(x, encode, decode, noise):
    mean, log_variance = encode(x).chunk(2, -1)
    q = Normal(mean, torch.exp(log_variance / 2))
    x_given_z = Independent(Bernoulli(logits=decode(q.mean + q.stddev * noise)), 1)
    rate = kl_divergence(q, Normal(torch.zeros_like(mean), 1.0)).sum(-1)
    return -(x_given_z.log_prob(x) - rate).mean()
