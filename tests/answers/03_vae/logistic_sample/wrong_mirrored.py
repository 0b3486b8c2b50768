# wrong: it is mirrored
def logistic_sample(u, mean, scale):
    return mean + scale * ((1 - u).log() - u.log())
