# wrong: the logarithm of the slope is missing
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) - slope(x).abs()
