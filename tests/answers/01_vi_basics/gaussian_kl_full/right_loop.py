# right: one document after the other, by torch.distributions
import torch
from torch.distributions import MultivariateNormal, kl_divergence


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    pairs = zip(mean_q, covariance_q, mean_p, covariance_p)
    return torch.stack(
        [kl_divergence(MultivariateNormal(m, V), MultivariateNormal(n, W)) for m, V, n, W in pairs]
    )
