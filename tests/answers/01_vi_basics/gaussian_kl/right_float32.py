# right: single precision, three sums
def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    m, a, n, b = (t.float() for t in (mean_q, log_variance_q, mean_p, log_variance_p))
    trace = (a - b).exp().sum(dim=1)
    square = ((m - n) / (b / 2).exp()).square().sum(dim=1)
    return (trace + square - m.shape[1] + (b - a).sum(dim=1)) / 2
