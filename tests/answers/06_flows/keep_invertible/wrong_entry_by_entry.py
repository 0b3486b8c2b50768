# wrong: entry by entry
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w * u
    return u + (softplus(along) - 1 - along) * w / (w @ w)
