# wrong: the mean square is compared with the threshold; subtract the mean over sentences first


def kl_per_dimension(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


def active_units(means, threshold):
    return ((means**2).mean(0) > threshold).sum()
