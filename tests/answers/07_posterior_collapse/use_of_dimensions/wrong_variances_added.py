# wrong: the variances of the active ones are added up; count them


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    variance = means.var(0)
    return variance[variance > threshold].sum()
