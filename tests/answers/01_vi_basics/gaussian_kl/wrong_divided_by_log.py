# wrong: the difference of means is divided by the log variance


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    r = log_variance_q - log_variance_p
    square = (mean_q - mean_p) ** 2 / log_variance_p
    return 0.5 * (r.exp() + square - 1 - r).sum(-1)
