# wrong: the prior is missing: it is minus the entropy of q
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    rate = torch.xlogy(q, q).sum(-1)
    loss = -(q * log_likelihood).sum(-1)
    return data @ rate, data @ loss
