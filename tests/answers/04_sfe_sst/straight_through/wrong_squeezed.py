# wrong: an axis of length 1 is gone
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return ((noise < p).to(p.dtype) + p - p.detach()).squeeze()
