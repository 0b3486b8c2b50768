# wrong: an axis of length 1 is gone


def mean_field_optimum(mean, covariance):
    precision = covariance.inverse().diagonal(dim1=-2, dim2=-1)
    return mean.squeeze(), (1 / precision).squeeze()
