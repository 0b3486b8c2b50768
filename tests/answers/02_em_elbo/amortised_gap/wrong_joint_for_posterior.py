# wrong: p(z|x) is not normalised


def amortised_gap(encoder_logits, log_joint):
    log_q = encoder_logits.log_softmax(-1)
    return (log_q.exp() * (log_q - log_joint)).sum(-1)
