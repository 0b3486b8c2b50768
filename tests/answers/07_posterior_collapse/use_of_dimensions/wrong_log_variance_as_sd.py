# wrong: the log variance is taken for the standard deviation


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance**2 - (log_variance**2).log() - 1)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
