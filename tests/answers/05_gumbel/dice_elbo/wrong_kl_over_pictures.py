# wrong: the KL is averaged over pictures


def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum((-2, -1))
    return log_likelihood.mean(0) - kl.mean()
