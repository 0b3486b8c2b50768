# wrong: it is in bits
def amortised_gap(encoder_logits, log_joint):
    log_q, log_p = encoder_logits.log_softmax(-1), log_joint.log_softmax(-1)
    return (log_q.exp() * (log_q - log_p)).sum(-1) / 0.6931471805599453
