# wrong: the margin itself is used
import torch


def undecided(logits, temperature, margin):
    t = temperature
    return torch.sigmoid(t * (1 - margin) - logits) - torch.sigmoid(t * margin - logits)
