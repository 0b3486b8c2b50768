# wrong: s was asked at y
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = (y - t) * torch.exp(-s)
    return x, -network(y)[1].sum(-1)
