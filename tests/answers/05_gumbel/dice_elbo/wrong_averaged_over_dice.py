# wrong: the KL is averaged over dice
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    terms = log_q.exp() * (log_q - log_p)
    return log_likelihood.mean(0) - terms.sum(-1).mean(-1)
