# right: one mean per term, the KL first


def score_function_surrogate(log_likelihood, log_q, kl):
    score_term = log_likelihood.detach() * (log_q - log_q.detach())
    return -kl + score_term.mean(0) + log_likelihood.mean(0)
