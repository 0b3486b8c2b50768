# wrong: one number per sentence came back; add them up
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    distortion = -(q * log_likelihood).sum(-1)
    return data * rate, data * distortion
