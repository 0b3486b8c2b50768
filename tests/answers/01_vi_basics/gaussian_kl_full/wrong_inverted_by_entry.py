# wrong: W is inverted entry by entry
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    d = mean_q - mean_p
    precision = 1 / covariance_p
    trace = torch.einsum("bij,bji->b", precision, covariance_q)
    square = torch.einsum("bi,bij,bj->b", d, precision, d)
    return 0.5 * (trace + square - d.shape[1] + covariance_p.logdet() - covariance_q.logdet())
