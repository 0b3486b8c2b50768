# wrong: it has the wrong sign
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < p).double() + p.detach() - p
