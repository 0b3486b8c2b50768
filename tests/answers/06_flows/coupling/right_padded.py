# right: a shift and a scale for all coordinates, 0 and 1 for the first half
import torch


def parts(x, network):
    half = x.shape[-1] // 2
    t, s = network(x[..., :half])
    zeros = torch.zeros_like(x[..., :half])
    return torch.cat([zeros, t], -1), torch.cat([zeros, s], -1)


def coupling(x, network):
    t, s = parts(x, network)
    return x * s.exp() + t, s.sum(-1)


def coupling_inverse(y, network):
    t, s = parts(y, network)
    return (y - t) * torch.exp(-s), -s.sum(-1)
