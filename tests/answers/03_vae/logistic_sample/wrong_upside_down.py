# wrong: it is mirrored
import torch


def logistic_sample(u, mean, scale):
    return mean + scale * torch.log(1 / u - 1)
