# wrong: it is 0: a threshold has no slope, add p − p.detach()
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    z = (noise < p).double()
    return z + 0 * p
