# wrong: the mean is over the prior; it is over q
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    return data @ kl, -data @ (log_likelihood @ prior)
