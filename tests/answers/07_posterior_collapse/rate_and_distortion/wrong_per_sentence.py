# wrong: one number per sentence came back; take the mean under p(x)
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return kl, loss
