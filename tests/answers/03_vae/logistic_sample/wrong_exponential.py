# wrong: log u is missing
def logistic_sample(u, mean, scale):
    return mean - scale * (1 - u).log()
