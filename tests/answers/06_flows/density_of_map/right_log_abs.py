# right: division inside the logarithm
def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return (base.log_prob(x).exp() / slope(x).abs()).log()
