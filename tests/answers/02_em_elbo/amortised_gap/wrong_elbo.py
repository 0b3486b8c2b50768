# wrong: it is the ELBO, not the gap


def amortised_gap(encoder_logits, log_joint):
    log_q = encoder_logits.log_softmax(-1)
    return (log_q.exp() * (log_joint - log_q)).sum(-1)
