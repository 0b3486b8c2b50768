# wrong: an axis of length 1 is gone


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    r = log_variance_q - log_variance_p
    square = (mean_q - mean_p) ** 2 / log_variance_p.exp()
    return 0.5 * (r.exp() + square - 1 - r).sum(-1).squeeze()
