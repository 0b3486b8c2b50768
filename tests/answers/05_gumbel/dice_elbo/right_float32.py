# right: in single precision
def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.float().log_softmax(-1), prior_logits.float().log_softmax(-1)
    return log_likelihood.float().mean(0) - (log_q.exp() * (log_q - log_p)).sum(-1).sum(-1)
