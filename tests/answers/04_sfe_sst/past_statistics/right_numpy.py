# right: numpy arrays come back
import numpy as np


def past_statistics(rewards, decay):
    r = np.asarray(rewards)
    m, v = np.zeros(len(r)), np.ones(len(r))
    for t in range(1, len(r)):
        step = max(1 / t, 1 - decay)
        m[t] = m[t - 1] + step * (r[t - 1].mean() - m[t - 1])
        v[t] = v[t - 1] + step * ((r[t - 1] ** 2).mean() - v[t - 1])
    return m, np.sqrt(v - m**2)
