# right: one coordinate after the other
import torch


def invert_autoregressive(y, network):
    x = torch.zeros_like(y)
    for i in range(y.shape[-1]):
        t, s = network(x)
        x[:, i] = (y[:, i] - t[:, i]) / s[:, i].exp()
    return x, -network(x)[1].sum(-1)
