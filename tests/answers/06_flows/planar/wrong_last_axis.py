# wrong: give it a last axis
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t, torch.log1p((1 - t**2) * (w @ u))
