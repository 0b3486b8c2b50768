# wrong: the sign is wrong; it is minus a log-likelihood
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    return data @ kl, data @ (q * log_likelihood).sum(-1)
