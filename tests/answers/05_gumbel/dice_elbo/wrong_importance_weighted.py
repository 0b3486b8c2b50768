# wrong: probabilities are averaged over samples
import math


def dice_elbo(log_likelihood, z, logits, prior_logits):
    log_q, log_p = logits.log_softmax(-1), prior_logits.log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum((-2, -1))
    return log_likelihood.logsumexp(0) - math.log(len(log_likelihood)) - kl
