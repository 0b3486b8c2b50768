# wrong: it consists of whole numbers
from torch.nn.functional import one_hot


def inverse_cdf(probs, u):
    index = (u[:, None] > probs.cumsum(-1)[:-1]).sum(-1)
    return one_hot(index, len(probs))


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
