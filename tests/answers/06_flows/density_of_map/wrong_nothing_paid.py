# wrong: the base is asked at y
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(y)
