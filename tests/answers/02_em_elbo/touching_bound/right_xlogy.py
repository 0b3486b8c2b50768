# right: xlogy for the entropy, detached q
import torch


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.detach().softmax(-1)
    energy = (q * log_joint.masked_fill(q == 0, 0.0)).sum(-1)
    return energy - torch.special.xlogy(q, q).sum(-1)
