# wrong: the rate is in it already
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ kl, data @ (kl + loss)
