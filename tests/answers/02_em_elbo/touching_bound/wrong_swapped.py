# wrong: the parameters are swapped
import torch


def touching_bound(log_joint, log_joint_old):
    q = log_joint.softmax(-1)
    return (q * log_joint_old + torch.special.entr(q)).sum(-1)
