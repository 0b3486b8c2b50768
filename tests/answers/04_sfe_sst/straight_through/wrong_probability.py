# wrong: its value is the probability, not 0 or 1
import torch


def straight_through(logits, noise):
    return torch.sigmoid(logits).expand_as(noise)
