# right: expanded by hand, summed with einsum
import math

import torch


def sampled_elbo(z, x, q, weight, offset, scale):
    error = (x.unsqueeze(0) - torch.einsum("pd,sbd->sbp", weight, z) - offset) / scale
    told = (-0.5 * error**2 - torch.log(scale) - 0.5 * math.log(2 * math.pi)).sum(dim=2)
    prior = -0.5 * z.square().sum(2) - 0.5 * z.shape[2] * math.log(2 * math.pi)
    each = told + prior - q.log_prob(z)
    return each.sum(0) / each.shape[0]
