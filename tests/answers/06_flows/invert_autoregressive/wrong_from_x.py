# wrong: each round begins with y
import torch


def invert_autoregressive(y, network):
    x = y
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = (x - t) * torch.exp(-s)
    return x, -s.sum(-1)
