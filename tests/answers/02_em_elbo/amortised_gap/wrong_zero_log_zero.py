# wrong: it contains NaN or infinity


def amortised_gap(encoder_logits, log_joint):
    q = encoder_logits.softmax(-1)
    return (q * (q.log() - log_joint.log_softmax(-1))).sum(-1)
