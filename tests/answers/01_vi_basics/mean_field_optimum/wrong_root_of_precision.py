# wrong: it is √Λᵢᵢ, the root of the precision


def mean_field_optimum(mean, covariance):
    return mean, covariance.inverse().diagonal(dim1=-2, dim2=-1).sqrt()
