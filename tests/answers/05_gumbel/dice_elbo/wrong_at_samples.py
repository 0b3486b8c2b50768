# wrong: is taken at the samples
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    kl = (z * (log_q - log_p)).sum((-2, -1))
    return (log_likelihood - kl).mean(0)
