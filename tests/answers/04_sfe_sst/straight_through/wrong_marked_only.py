# wrong: only marked words get one
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < p).to(p.dtype) * p / p.detach()
