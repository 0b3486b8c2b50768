# right: whitening with Cholesky factors
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    L, M = torch.linalg.cholesky(covariance_q), torch.linalg.cholesky(covariance_p)
    A = torch.linalg.solve_triangular(M, L, upper=False)
    b = torch.linalg.solve_triangular(M, (mean_q - mean_p)[..., None], upper=False)
    log_det = A.diagonal(dim1=-2, dim2=-1).log().sum(-1)
    return 0.5 * (A.square().sum((-2, -1)) + b.square().sum((-2, -1)) - L.shape[-1]) - log_det
