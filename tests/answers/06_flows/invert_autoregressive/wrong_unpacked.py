# wrong: t and s are swapped
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        s, t = network(x)
        x = (y - t) * torch.exp(-s)
    return x, -s.sum(-1)
