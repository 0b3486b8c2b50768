# wrong: this is the entropy alone
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q = logits.log_softmax(-1)
    return log_likelihood.mean(0) - (log_q.exp() * log_q).sum((-2, -1))
