# wrong: the rate is not right: no gradient flows back from it
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    q = q.detach()
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ kl, data @ loss
