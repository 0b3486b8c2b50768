# wrong: the bound of a long document
import torch


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    energy = q * log_joint.clamp(min=-1000)
    return (energy + torch.special.entr(q)).sum(-1)
