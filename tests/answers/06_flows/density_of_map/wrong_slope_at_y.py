# wrong: the slope is taken at y
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) - slope(y).abs().log()
