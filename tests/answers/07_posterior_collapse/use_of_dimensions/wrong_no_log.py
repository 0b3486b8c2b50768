# wrong: the log variance has lost its term; −log σ² belongs to it


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - 1)


def active_units(means, threshold):
    return (means.var(0) > threshold).sum()
