# wrong: the direction is missing
from torch.nn.functional import one_hot


def inverse_cdf(probs, u):
    index = (u[:, None] > probs.cumsum(-1)[:-1]).sum(-1)
    return one_hot(index, len(probs)).to(probs.dtype)


def slope_of_sample(probs, direction, u, step):
    return (inverse_cdf(probs + step, u) - inverse_cdf(probs - step, u)) / (2 * step)
