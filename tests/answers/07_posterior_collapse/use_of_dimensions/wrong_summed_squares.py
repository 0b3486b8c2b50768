# wrong: the squares are summed over sentences; the variance is their mean


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return (((means - means.mean(0)) ** 2).sum(0) > threshold).sum()
