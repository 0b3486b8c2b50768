# wrong: it is how far the means lie apart (the range); the variance is compared


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return (means.amax(0) - means.amin(0) > threshold).sum()
