# wrong: this is the layer once more
import torch


def invert_autoregressive(y, network):
    t, s = network(y)
    return y * torch.exp(s) + t, -s.sum(-1)
