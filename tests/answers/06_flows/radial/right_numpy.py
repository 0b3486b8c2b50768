# right: numpy
import numpy as np


def radial(x, centre, alpha, beta):
    x, centre, alpha, beta = (part.numpy() for part in (x, centre, alpha, beta))
    away = x - centre
    r = np.linalg.norm(away, axis=1)
    h = 1 / (alpha + r)
    log_det = (x.shape[1] - 1) * np.log1p(beta * h) + np.log1p(beta * h - beta * r * h**2)
    return x + beta * h[:, None] * away, log_det
