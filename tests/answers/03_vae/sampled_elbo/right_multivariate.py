# right: multivariate Gaussians
import torch
from torch.distributions import MultivariateNormal


def sampled_elbo(z, x, q, weight, offset, scale):
    P, D = weight.shape
    eye = torch.eye(P, dtype=z.dtype)
    told = MultivariateNormal(z @ weight.T + offset, scale_tril=scale * eye).log_prob(x)
    prior = MultivariateNormal(torch.zeros(D, dtype=z.dtype), torch.eye(D, dtype=z.dtype))
    return torch.mean(told + prior.log_prob(z) - q.log_prob(z), dim=0)
