# wrong: the scale divides instead of multiplying
def logistic_sample(u, mean, scale):
    return mean + u.logit() / scale
