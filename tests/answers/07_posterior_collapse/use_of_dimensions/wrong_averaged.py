# wrong: it is averaged over dimensions; one number per dimension is expected


def kl_per_dimension(mean, log_variance):
    return (0.5 * (mean**2 + log_variance.exp() - log_variance - 1)).mean(-1)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
