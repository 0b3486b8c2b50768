# right: the last threshold is kept, and never passed
from torch.nn.functional import one_hot


def inverse_cdf(probs, u):
    index = (u[:, None] > probs.cumsum(-1)).sum(-1)
    return one_hot(index, len(probs)).to(probs.dtype)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
