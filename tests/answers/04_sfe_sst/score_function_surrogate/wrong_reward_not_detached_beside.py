# wrong: the reward is not detached in the score term, log q leaks into it


def score_function_surrogate(log_likelihood, log_q, kl):
    return (log_likelihood + log_likelihood * log_q).mean(0) - kl
