# wrong: the function returned None
import torch


def planar(x, u, w, b):
    t = torch.tanh(x @ w + b)
    x + u * t.unsqueeze(-1)
