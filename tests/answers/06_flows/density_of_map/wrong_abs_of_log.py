# wrong: the absolute value is taken of the logarithm
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) - slope(x).log().abs()
