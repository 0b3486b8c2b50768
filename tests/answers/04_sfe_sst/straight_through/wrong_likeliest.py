# wrong: it is the likeliest mask; use the noise
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    z = (p > 0.5).double().expand_as(noise)
    return z + p - p.detach()
