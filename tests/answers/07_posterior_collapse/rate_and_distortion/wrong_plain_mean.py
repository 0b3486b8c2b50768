# wrong: all sentences count alike; weigh them with p(x)
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    kl = (torch.xlogy(q, q) - q * prior.log()).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return kl.mean(), loss.mean()
