# wrong: it is log p(x), not the gap


def amortised_gap(encoder_logits, log_joint):
    return log_joint.logsumexp(-1)
