# wrong: the −1 is missing in m
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w @ u
    step = softplus(along) - 1 - along
    return u + (step + 1) * w / (w @ w)
