# wrong: the means of reward and log q are multiplied


def score_function_surrogate(log_likelihood, log_q, kl):
    weight = log_likelihood.detach().mean(0)
    return log_likelihood.mean(0) + weight * (log_q - log_q.detach()).mean(0) - kl
