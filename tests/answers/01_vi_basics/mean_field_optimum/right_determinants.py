# right: a ratio of determinants
import torch


def mean_field_optimum(mean, covariance):
    D = mean.shape[-1]
    variances = []
    for i in range(D):
        rest = [j for j in range(D) if j != i]
        minor = covariance[:, rest][:, :, rest]
        variances.append(covariance.det() / minor.det())
    return mean, torch.stack(variances, -1)
