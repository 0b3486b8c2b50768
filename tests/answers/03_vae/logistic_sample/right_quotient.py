# right: one quotient
def logistic_sample(u, mean, scale):
    return mean - scale * (1 / u - 1).log()
