# right: numpy's variance, that divides by N
import numpy as np


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return np.sum(np.var(means.numpy(), axis=0) > threshold)
