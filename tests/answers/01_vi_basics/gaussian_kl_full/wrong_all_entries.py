# wrong: all entries of W⁻¹V are summed
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    d = mean_q - mean_p
    precision = covariance_p.inverse()
    trace = (precision @ covariance_q).sum((-2, -1))
    square = torch.einsum("bi,bij,bj->b", d, precision, d)
    return 0.5 * (trace + square - d.shape[1] + covariance_p.logdet() - covariance_q.logdet())
