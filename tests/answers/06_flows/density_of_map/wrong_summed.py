# wrong: it is summed over points
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return (base.log_prob(x) - slope(x).abs().log()).sum()
