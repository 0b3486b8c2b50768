# wrong: it is a standard deviation
def mean_field_optimum(mean, covariance):
    return mean, covariance.inverse().diagonal(dim1=-2, dim2=-1) ** -0.5
