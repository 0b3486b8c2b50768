# wrong: w multiplies x entry by entry
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    return x + u * torch.tanh(x * w + b), torch.log(1 + (1 - t**2) * (w @ u))
