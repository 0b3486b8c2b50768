# wrong: the entropy of q has the wrong sign
import torch


def amortised_gap(encoder_logits, log_joint):
    q = encoder_logits.softmax(-1)
    entropy = torch.special.entr(q).sum(-1)
    return log_joint.logsumexp(-1) - (q * log_joint).sum(-1) + entropy
