# wrong: the logits of q are not normalised
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_p = prior_logits.log_softmax(-1)
    terms = logits.softmax(-1) * (logits - log_p)
    return log_likelihood.mean(0) - terms.sum((-2, -1))
