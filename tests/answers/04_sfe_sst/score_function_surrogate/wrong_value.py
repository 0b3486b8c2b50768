# wrong: log q(z) is still in it, beside the reward; take it out with log q − log q.detach()


def score_function_surrogate(log_likelihood, log_q, kl):
    score_term = log_likelihood.detach() * log_q
    return (log_likelihood + score_term).mean(0) - kl
