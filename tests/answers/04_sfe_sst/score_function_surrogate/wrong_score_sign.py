# wrong: the score term has the wrong sign


def score_function_surrogate(log_likelihood, log_q, kl):
    reward = log_likelihood.detach()
    score_term = reward * (log_q.detach() - log_q)
    return (log_likelihood + score_term).mean(0) - kl
