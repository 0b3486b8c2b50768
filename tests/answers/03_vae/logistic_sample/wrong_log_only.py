# wrong: log(1 − u) is missing
def logistic_sample(u, mean, scale):
    return mean + scale * u.log()
