# right: samples from noise of its own, the samples on the last axis
import torch
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    noise = torch.randn(len(count), num_samples, dtype=count.dtype)
    z = q.mean[:, None] + q.stddev[:, None] * noise
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count[:, None]) - q.log_prob(z.T).T
    return [ell.mean(-1), (ell.var(-1) / num_samples).sqrt()]
