# wrong: a baseline, the mean reward, is subtracted


def score_function_surrogate(log_likelihood, log_q, kl):
    centred = (log_likelihood - log_likelihood.mean(0)).detach()
    return (log_likelihood + centred * (log_q - log_q.detach())).mean(0) - kl
