# wrong: it is the index of the category
def inverse_cdf(probs, u):
    return (u[:, None] > probs.cumsum(-1)[:-1]).sum(-1)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
