# wrong: it draws numbers of its own
import torch
from torch.nn.functional import one_hot


def inverse_cdf(probs, u):
    return one_hot(torch.multinomial(probs, len(u), replacement=True), len(probs)).to(probs.dtype)


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
