# wrong: the samples are summed
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    terms = log_q.exp() * (log_q - log_p)
    return log_likelihood.sum(0) - terms.sum((-2, -1))
