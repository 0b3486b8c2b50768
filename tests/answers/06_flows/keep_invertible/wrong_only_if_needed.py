# wrong: it is u, unchanged
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w @ u
    if along > -1:
        return u
    return u + (softplus(along) - 1 - along) * w / (w @ w)
