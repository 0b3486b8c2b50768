# wrong: it is averaged over coordinates
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = (y - t) * torch.exp(-s)
    return x, -s.mean(-1)
