# wrong: it is divided by the slope
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) / slope(x).abs()
