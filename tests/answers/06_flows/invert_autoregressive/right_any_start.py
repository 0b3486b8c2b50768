# right: from random numbers, one round more
import torch


def invert_autoregressive(y, network):
    x = torch.randn_like(y)
    for _ in range(y.shape[-1] + 1):
        t, s = network(x)
        x = (y - t) / s.exp()
    return x, s.sum(-1).neg()
