# wrong: the entropy of q is missing


def amortised_gap(encoder_logits, log_joint):
    q = encoder_logits.softmax(-1)
    return log_joint.logsumexp(-1) - (q * log_joint).sum(-1)
