# wrong: no gradient flows back from it; something on the way is detached
import torch


def straight_through(logits, noise):
    return (noise < torch.sigmoid(logits)).double()
