# wrong: it uses tanh where its slope
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t.unsqueeze(-1), torch.log((1 + t * (w @ u)).abs())
