# wrong: the mean is missing
import torch


def logistic_sample(u, mean, scale):
    return scale * torch.logit(u)
