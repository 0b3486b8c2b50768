# wrong: the 1 of the identity is missing
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t.unsqueeze(-1), torch.log(((1 - t**2) * (w @ u)).abs())
