# wrong: the sign is wrong; a KL is never negative


def kl_per_dimension(mean, log_variance):
    return 0.5 * (1 + log_variance - mean**2 - log_variance.exp())


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
