# wrong: its value is 0 or 1 plus the probability; subtract p.detach()
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < p).double() + p
