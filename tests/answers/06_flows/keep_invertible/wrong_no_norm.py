# wrong: the step along w is not divided
from torch.nn.functional import softplus


def keep_invertible(u, w):
    along = w @ u
    step = softplus(along) - 1 - along
    return u + step * w
