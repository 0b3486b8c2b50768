# right: sums written out, cosh in place of tanh
import torch


def planar(x, u, w, b):
    inside = (x * w).sum(-1, keepdim=True) + b
    slope = 1 / torch.cosh(inside) ** 2
    return x + torch.tanh(inside) * u, (1 + (w * u).sum() * slope).abs().log().squeeze(-1)
