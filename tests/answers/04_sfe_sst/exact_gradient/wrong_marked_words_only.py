# wrong: q(z) has only the marked words
import torch


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = (p**masks).prod(-1)
    return (q * rewards) @ (masks - p)
