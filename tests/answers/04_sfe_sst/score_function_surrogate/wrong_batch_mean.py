# wrong: the batch is averaged; one number per review is expected


def score_function_surrogate(log_likelihood, log_q, kl):
    score_term = log_likelihood.detach() * (log_q - log_q.detach())
    return ((log_likelihood + score_term).mean(0) - kl).mean()
