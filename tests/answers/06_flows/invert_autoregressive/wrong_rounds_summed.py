# wrong: it is summed over rounds
import torch


def invert_autoregressive(y, network):
    x, log_det = torch.zeros_like(y), 0.0
    for _ in range(y.shape[-1]):
        t, s = network(x)
        x = (y - t) * torch.exp(-s)
        log_det = log_det - s.sum(-1)
    return x, log_det
