# wrong: the scale is missing
import torch


def logistic_sample(u, mean, scale):
    return mean + torch.logit(u)
