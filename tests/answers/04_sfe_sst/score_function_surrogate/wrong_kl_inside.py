# wrong: the KL is inside the reward; it does not depend on z, there it is only noise


def score_function_surrogate(log_likelihood, log_q, kl):
    elbo = log_likelihood - kl
    score_term = elbo.detach() * (log_q - log_q.detach())
    return (elbo + score_term).mean(0)
