# wrong: the prior's logits are not normalised
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q = logits.log_softmax(-1)
    terms = log_q.exp() * (log_q - prior_logits)
    return log_likelihood.mean(0) - terms.sum((-2, -1))
