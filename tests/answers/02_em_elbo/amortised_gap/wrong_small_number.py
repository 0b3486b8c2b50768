# wrong: a large gap is cut off
def amortised_gap(encoder_logits, log_joint):
    q, p = encoder_logits.softmax(-1), log_joint.softmax(-1)
    return (q * ((q + 1e-12).log() - (p + 1e-12).log())).sum(-1)
