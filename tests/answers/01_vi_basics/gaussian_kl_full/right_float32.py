# right: single precision and an explicit inverse
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    m, V, n, W = (t.float() for t in (mean_q, covariance_q, mean_p, covariance_p))
    precision = W.inverse()
    trace = torch.einsum("bij,bji->b", precision, V)
    square = torch.einsum("bi,bij,bj->b", m - n, precision, m - n)
    return (trace + square - m.shape[-1] - (precision @ V).slogdet().logabsdet) / 2
