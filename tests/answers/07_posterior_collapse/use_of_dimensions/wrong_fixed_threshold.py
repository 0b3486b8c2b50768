# wrong: the threshold is always .01; use the one that is given


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return (means.var(0) > 0.01).sum()
