# wrong: invert the matrix first, then take the diagonal
def mean_field_optimum(mean, covariance):
    return mean, 1 / covariance.diagonal(dim1=-2, dim2=-1)
