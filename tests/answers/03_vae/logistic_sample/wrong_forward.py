# wrong: F itself is applied, not its inverse
def logistic_sample(u, mean, scale):
    return ((u - mean) / scale).sigmoid()
