# wrong: it is not summed over z
import torch


def discrete_elbo(q, log_joint):
    return q * log_joint + torch.special.entr(q)
