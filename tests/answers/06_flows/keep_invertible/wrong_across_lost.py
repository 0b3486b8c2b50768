# wrong: the part of u across w is lost
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w @ u
    step = softplus(along) - 1 - along
    return (softplus(along) - 1) * w / (w @ w)
