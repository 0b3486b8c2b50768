# wrong: that inverts the other layer, MAF
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        t, s = network(y)
        x = (y - t) * torch.exp(-s)
    return x, -s.sum(-1)
