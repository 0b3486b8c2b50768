# right: a pseudo-objective whose value is replaced, in float32


def score_function_surrogate(log_likelihood, log_q, kl):
    r, ell, rate = log_likelihood.float(), log_q.float(), kl.float()
    pseudo = (r + r.detach() * ell).mean(0) - rate
    return pseudo - pseudo.detach() + (r.mean(0) - rate).detach()
