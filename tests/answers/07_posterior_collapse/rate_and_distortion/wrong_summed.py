# wrong: it is summed over sentences without p(x)
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return kl.sum(), loss.sum()
