# wrong: it is the likeliest category
from torch.nn.functional import one_hot


def inverse_cdf(probs, u):
    return one_hot(probs.argmax(), len(probs)).to(probs.dtype).expand(len(u), -1)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
