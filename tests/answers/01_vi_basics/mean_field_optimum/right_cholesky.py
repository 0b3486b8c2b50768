# right: squared columns of the inverse Cholesky factor
import torch


def mean_field_optimum(mean, covariance):
    inverse_factor = torch.linalg.inv(torch.linalg.cholesky(covariance))
    return mean, 1 / inverse_factor.square().sum(-2)
