# wrong: log q is not normalised
import torch


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    return torch.where(q > 0, q * (log_joint - log_joint_old), 0.0).sum(-1)
