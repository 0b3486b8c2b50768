# wrong: the factor ½ stands before the first term only


def kl_per_dimension(mean, log_variance):
    return 0.5 * mean**2 + log_variance.exp() - log_variance - 1


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
