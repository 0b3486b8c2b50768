# wrong: it is the marginal standard deviation
def mean_field_optimum(mean, covariance):
    return mean, covariance.diagonal(dim1=-2, dim2=-1).sqrt()
