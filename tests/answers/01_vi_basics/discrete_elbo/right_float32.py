# right: single precision and xlogy
import torch


def discrete_elbo(q, log_joint):
    q = q.float()
    return (q * log_joint.float()).sum(-1) - torch.xlogy(q, q).sum(-1)
