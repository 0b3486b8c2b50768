# wrong: only the diagonals are used
def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    v, w = (c.diagonal(dim1=-2, dim2=-1) for c in (covariance_q, covariance_p))
    return 0.5 * (v / w + (mean_q - mean_p) ** 2 / w - 1 + w.log() - v.log()).sum(-1)
