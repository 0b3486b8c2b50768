# wrong: the distortion is not right: no gradient flows back from it
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    distortion = -(q.detach() * log_likelihood).sum(-1)
    return data @ rate, data @ distortion
