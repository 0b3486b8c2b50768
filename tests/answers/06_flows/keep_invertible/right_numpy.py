# right: numpy, logaddexp
import numpy as np


def keep_invertible(u, w):
    u, w = u.numpy(), w.numpy()
    along = w @ u
    return u + (np.logaddexp(0, along) - 1 - along) * w / np.square(w).sum()
