# wrong: every mask counts alike; weight each by its probability q(z)
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    norm = ((masks - p) ** 2).sum(-1)
    return (rewards * norm).sum() / norm.sum()
