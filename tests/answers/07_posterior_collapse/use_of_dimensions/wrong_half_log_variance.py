# wrong: exp(½ log σ²) is the standard deviation; the variance is wanted


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + (0.5 * log_variance).exp() - log_variance - 1)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
