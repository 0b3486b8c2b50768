# right: single precision, solving against the identity
import torch


def mean_field_optimum(mean, covariance):
    covariance = covariance.float()
    identity = torch.eye(covariance.shape[-1]).expand_as(covariance)
    precision = torch.linalg.solve(covariance, identity)
    return mean.float(), torch.diagonal(precision, 0, -2, -1).reciprocal()
