# wrong: the samples are not averaged
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    terms = log_q.exp() * (log_q - log_p)
    return log_likelihood - terms.sum((-2, -1))
