# wrong: it is summed over points
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * t.unsqueeze(-1), torch.log(1 + (1 - t**2) * (w @ u)).sum()
