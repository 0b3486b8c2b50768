# wrong: the direction is reversed
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    terms = log_p.exp() * (log_p - log_q)
    return log_likelihood.mean(0) - terms.sum((-2, -1))
