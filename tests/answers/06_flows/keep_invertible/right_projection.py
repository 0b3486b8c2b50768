# right: the part across w, and the part along it
from torch.nn.functional import softplus


def keep_invertible(u, w):
    unit = w / w.norm()
    across = u - (unit @ u) * unit
    return across + (softplus(w @ u) - 1) / w.norm() * unit
