# wrong: the sigmoid is applied where its inverse is needed
def logistic_sample(u, mean, scale):
    return mean + scale * u.sigmoid()
