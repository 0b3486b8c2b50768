# right: log p(x) − ELBO
import torch


def amortised_gap(encoder_logits, log_joint):
    q = encoder_logits.softmax(-1)
    elbo = (q * log_joint + torch.special.entr(q)).sum(-1)
    return log_joint.logsumexp(-1) - elbo
