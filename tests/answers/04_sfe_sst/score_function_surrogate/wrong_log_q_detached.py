# wrong: the score term is missing: log q is detached


def score_function_surrogate(log_likelihood, log_q, kl):
    score_term = log_likelihood.detach() * log_q.detach()
    return (log_likelihood + score_term - score_term.detach()).mean(0) - kl
