# wrong: the log is missing
def logistic_sample(u, mean, scale):
    return mean + scale * u / (1 - u)
