# wrong: the −1 is missing: it must be 0 where q is the prior


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
