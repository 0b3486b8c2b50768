# wrong: it is the log of a mean; it is the mean of the log
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood.exp()).sum(-1).log()
    return data @ kl, data @ loss
