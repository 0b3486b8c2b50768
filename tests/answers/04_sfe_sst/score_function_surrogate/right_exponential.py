# right: r · exp(log q − log q.detach()), a factor of 1 with the score as its slope


def score_function_surrogate(log_likelihood, log_q, kl):
    one = (log_q - log_q.detach()).exp()
    return (log_likelihood * one).mean(0) - kl
