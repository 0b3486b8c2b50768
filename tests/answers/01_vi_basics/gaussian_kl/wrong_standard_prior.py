# wrong: p is taken for N(0, 1)


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    return 0.5 * (log_variance_q.exp() + mean_q**2 - 1 - log_variance_q).sum(-1)
