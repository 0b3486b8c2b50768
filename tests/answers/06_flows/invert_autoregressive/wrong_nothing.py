# wrong: nothing has moved
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = y
    return x, -s.sum(-1)
