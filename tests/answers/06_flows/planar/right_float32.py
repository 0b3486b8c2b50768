# right: single precision
import torch


def planar(x, u, w, b):
    x, u, w, b = (value.float() for value in (x, u, w, b))
    t = torch.tanh(x @ w + b)
    return x + u * t[:, None], torch.log1p((1 - t**2) * (w @ u))
