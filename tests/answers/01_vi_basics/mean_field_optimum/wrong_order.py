# wrong: mean and variance are returned in the wrong order
def mean_field_optimum(mean, covariance):
    return 1 / covariance.inverse().diagonal(dim1=-2, dim2=-1), mean
