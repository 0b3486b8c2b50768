# wrong: the scale multiplies log u alone
import torch


def logistic_sample(u, mean, scale):
    return mean + scale * torch.log(u) - torch.log(1 - u)
