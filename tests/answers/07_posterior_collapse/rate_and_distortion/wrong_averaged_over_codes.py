# wrong: the KL is averaged over codes; it is a sum
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).mean(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ kl, data @ loss
