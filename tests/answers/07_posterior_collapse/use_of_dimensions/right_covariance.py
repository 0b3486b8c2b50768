# right: the diagonal of the covariance, and a plain int; expm1 in float32
import torch


def kl_per_dimension(mean, log_variance):
    mean, log_variance = mean.float(), log_variance.float()
    return 0.5 * (mean.square() + torch.expm1(log_variance) - log_variance)


def active_units(means, threshold):
    return int(torch.count_nonzero(torch.cov(means.T).diagonal() > threshold))
