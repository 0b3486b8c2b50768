# wrong: the KL is inside the reward, and with the wrong sign


def score_function_surrogate(log_likelihood, log_q, kl):
    reward = (log_likelihood + kl).detach()
    score_term = reward * (log_q - log_q.detach())
    return (log_likelihood + score_term).mean(0) - kl
