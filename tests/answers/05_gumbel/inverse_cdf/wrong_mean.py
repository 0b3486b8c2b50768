# wrong: it is the mean, not a sample
def inverse_cdf(probs, u):
    return probs.expand(len(u), -1)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
