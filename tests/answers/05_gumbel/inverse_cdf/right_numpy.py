# right: through numpy
import numpy as np
import torch


def inverse_cdf(probs, u):
    i = np.searchsorted(probs.numpy().cumsum()[:-1], u.numpy())
    return torch.from_numpy(np.eye(len(probs))[i])


def slope_of_sample(probs, direction, u, step):
    up, down = inverse_cdf(probs + step * direction, u), inverse_cdf(probs - step * direction, u)
    return (up - down) / (2 * step)
