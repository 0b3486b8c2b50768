# right: the log determinants collected, then summed
import torch


def push_through(x, base, layers):
    z, log_dets = x, []
    for layer in layers:
        z, log_det = layer(z)
        log_dets.append(log_det)
    return z, base.log_prob(x) - torch.stack(log_dets).sum(0)
