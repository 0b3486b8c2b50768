# wrong: the z is standardised
import torch


def logistic_sample(u, mean, scale):
    return (torch.logit(u) - mean) / scale
