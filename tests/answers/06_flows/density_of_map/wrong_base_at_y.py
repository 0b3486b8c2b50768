# wrong: the base is asked at y, not at x
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(y) - slope(x).abs().log()
