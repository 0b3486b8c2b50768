# wrong: the log determinants are missing
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    V, W, D = covariance_q, covariance_p, mean_q.shape[-1]
    d = (mean_q - mean_p)[..., None]
    trace = torch.linalg.solve(W, V).diagonal(dim1=-2, dim2=-1).sum(-1)
    square = (d * torch.linalg.solve(W, d)).sum((-2, -1))
    return 0.5 * (trace + square - D)
