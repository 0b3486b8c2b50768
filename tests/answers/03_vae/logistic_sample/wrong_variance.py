# wrong: the scale is taken for a variance
def logistic_sample(u, mean, scale):
    return mean + scale.sqrt() * u.logit()
