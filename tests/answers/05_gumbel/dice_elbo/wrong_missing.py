# wrong: the KL is missing
def dice_elbo(log_likelihood, z, logits, prior_logits):
    return log_likelihood.mean(0) + 0 * logits.sum((-2, -1)) + 0 * prior_logits.sum()
