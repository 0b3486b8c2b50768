# right: eigenvalues of the whitened covariance
import torch


def gaussian_kl_full(mean_q, covariance_q, mean_p, covariance_p):
    M = torch.linalg.cholesky(covariance_p).inverse()
    eigenvalues = torch.linalg.eigvalsh(M @ covariance_q @ M.mT)
    white = torch.einsum("bij,bj->bi", M, mean_q - mean_p)
    return 0.5 * (eigenvalues - 1 - eigenvalues.log() + white**2).sum(-1)
