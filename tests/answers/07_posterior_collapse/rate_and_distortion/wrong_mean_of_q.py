# wrong: the mean of q takes the prior's place; that gives I(x; z)
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * (data @ q).log()).sum(-1)
    distortion = -(q * log_likelihood).sum(-1)
    return data @ rate, data @ distortion
