# wrong: it pushes the wrong way
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x - u * t.unsqueeze(-1), torch.log1p((1 - t**2) * (w @ u))
