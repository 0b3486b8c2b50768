# wrong: exp(½ log σ²) is taken for the variance


def kl_per_dimension(mean, log_variance):
    variance = (0.5 * log_variance).exp()
    return 0.5 * (mean**2 + variance - variance.log() - 1)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
