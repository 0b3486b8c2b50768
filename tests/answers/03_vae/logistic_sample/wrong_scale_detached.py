# wrong: it is detached
def logistic_sample(u, mean, scale):
    return mean + scale.detach() * u.logit()
