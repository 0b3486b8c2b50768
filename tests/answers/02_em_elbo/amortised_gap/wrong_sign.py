# wrong: it has the wrong sign


def amortised_gap(encoder_logits, log_joint):
    log_q, log_p = encoder_logits.log_softmax(-1), log_joint.log_softmax(-1)
    return (log_q.exp() * (log_p - log_q)).sum(-1)
