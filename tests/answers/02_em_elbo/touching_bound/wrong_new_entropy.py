# wrong: the entropy is that of the new posterior
import torch


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    energy = torch.where(q > 0, q * log_joint, 0.0)
    return (energy + torch.special.entr(log_joint.softmax(-1))).sum(-1)
