# wrong: one number is asked for, of shape []
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    square = ((masks - p) ** 2).sum(-1, keepdim=True)
    return (q * rewards) @ square / (q @ square)
