# wrong: it is −log p(x); the distortion is a mean under q
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    distortion = -(log_likelihood + prior.log()).logsumexp(-1)
    return data @ rate, data @ distortion
