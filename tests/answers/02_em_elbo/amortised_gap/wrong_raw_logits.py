# wrong: the logits are not normalised


def amortised_gap(encoder_logits, log_joint):
    q = encoder_logits.softmax(-1)
    return (q * (encoder_logits - log_joint.log_softmax(-1))).sum(-1)
