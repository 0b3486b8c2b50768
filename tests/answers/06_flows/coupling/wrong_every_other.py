# wrong: every other coordinate was taken
import torch


def coupling(x, network):
    a, b = x[:, ::2], x[:, 1::2]
    t, s = network(a)
    return torch.cat([a, b * s.exp() + t], -1), s.sum(-1)


def coupling_inverse(y, network):
    a, b = y.chunk(2, -1)
    t, s = network(a)
    return torch.cat([a, (b - t) * (-s).exp()], -1), -s.sum(-1)
