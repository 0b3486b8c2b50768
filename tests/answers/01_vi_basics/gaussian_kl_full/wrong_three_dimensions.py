# wrong: 3 is subtracted in place of D
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    d = mean_q - mean_p
    precision = covariance_p.inverse()
    trace = torch.einsum("bij,bji->b", precision, covariance_q)
    square = torch.einsum("bi,bij,bj->b", d, precision, d)
    return 0.5 * (trace + square - 3 + covariance_p.logdet() - covariance_q.logdet())
