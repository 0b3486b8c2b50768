# wrong: the standard deviation is compared with the threshold; the variance is


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return (means.std(0) > threshold).sum()
