# wrong: log q is subtracted from the reward as well


def score_function_surrogate(log_likelihood, log_q, kl):
    score_term = log_likelihood.detach() * (log_q - log_q.detach())
    return (log_likelihood - log_q + score_term).mean(0) - kl
