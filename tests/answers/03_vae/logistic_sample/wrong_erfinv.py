# wrong: the inverse of erf
import torch


def logistic_sample(u, mean, scale):
    return mean + scale * torch.erfinv(2 * u - 1)
