# right: half the log of the squared slope
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x) - 0.5 * slope(x).square().log()
