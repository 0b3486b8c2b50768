# wrong: it pushes along w
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + w * t.unsqueeze(-1), torch.log(1 + (1 - t**2) * (w @ u))
