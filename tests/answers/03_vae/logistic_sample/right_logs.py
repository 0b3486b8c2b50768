# right: two logarithms
import torch


def logistic_sample(u, mean, scale):
    return mean + scale * (torch.log(u) - torch.log1p(-u))
