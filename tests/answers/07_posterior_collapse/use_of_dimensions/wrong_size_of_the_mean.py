# wrong: the mean's size is compared; its variance over sentences is


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return (means.mean(0).abs() > threshold).sum()
