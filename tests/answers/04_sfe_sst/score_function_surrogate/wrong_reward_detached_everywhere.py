# wrong: the reward is detached everywhere: the second reader would never learn


def score_function_surrogate(log_likelihood, log_q, kl):
    reward = log_likelihood.detach()
    return (reward + reward * (log_q - log_q.detach())).mean(0) - kl
