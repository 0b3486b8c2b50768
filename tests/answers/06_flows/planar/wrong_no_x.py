# wrong: x itself is missing
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return u * t.unsqueeze(-1), torch.log(1 + (1 - t**2) * (w @ u))
