# right: the inverse of the hyperbolic tangent
import torch


def logistic_sample(u, mean, scale):
    return mean + 2 * scale * torch.atanh(2 * u - 1)
