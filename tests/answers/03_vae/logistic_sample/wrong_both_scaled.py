# wrong: the mean is multiplied by the scale, too
def logistic_sample(u, mean, scale):
    return scale * (u.logit() + mean)
