# wrong: take wᵀu off
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w @ u
    step = softplus(along) - 1 - along
    return u + (softplus(along) - 1) * w / (w @ w)
