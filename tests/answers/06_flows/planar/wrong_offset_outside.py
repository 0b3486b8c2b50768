# wrong: the offset b stands outside the tanh
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w)
    return x + u * (t + b).unsqueeze(-1), torch.log(1 + (1 - t**2) * (w @ u))
