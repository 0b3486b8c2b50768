# right: second moment minus squared mean, without correction, in float32


def kl_per_dimension(mean, log_variance):
    return (0.5 * (mean.square() + log_variance.exp() - 1) - 0.5 * log_variance).float()


def active_units(means, threshold):
    return int((((means**2).mean(0) - means.mean(0) ** 2) > threshold).sum())
