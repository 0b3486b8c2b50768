# wrong: it was changed in place
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    x += u * t.unsqueeze(-1)
    return x, torch.log(1 + (1 - t**2) * (w @ u))
