# wrong: it is multiplied by the precision
def mean_field_optimum(mean, covariance):
    precision = covariance.inverse()
    return (precision @ mean[..., None])[..., 0], 1 / precision.diagonal(dim1=-2, dim2=-1)
