# wrong: a softmax is applied to q, which already holds probabilities
import torch


def discrete_elbo(q, log_joint):
    q = q.softmax(-1)
    return (q * log_joint + torch.special.entr(q)).sum(-1)
