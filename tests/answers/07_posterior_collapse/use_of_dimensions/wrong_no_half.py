# wrong: the factor ½ is missing


def kl_per_dimension(mean, log_variance):
    return mean**2 + log_variance.exp() - log_variance - 1


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
