# right: through the joint table of sentences and codes
import torch


def rate_and_distortion(data, q, prior, log_likelihood):
    joint = data[:, None] * q
    rate = -(data * torch.special.entr(q).sum(-1)).sum() - (joint.sum(0) * prior.log()).sum()
    return rate, -(joint * log_likelihood).sum()
