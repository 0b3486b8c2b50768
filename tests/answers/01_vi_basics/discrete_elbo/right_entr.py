# right: energy plus entropy
import torch


def discrete_elbo(q, log_joint):
    energy = torch.einsum("bk,bk->b", q, log_joint)
    return energy + torch.special.entr(q).sum(-1)
