# right: log p(x) − KL to the new posterior
import torch


def touching_bound(log_joint, log_joint_old):
    log_q, log_p = log_joint_old.log_softmax(-1), log_joint.log_softmax(-1)
    q = log_q.exp()
    kl = torch.where(q > 0, q * (log_q - log_p), 0.0)
    return log_joint.logsumexp(-1) - kl.sum(-1)
