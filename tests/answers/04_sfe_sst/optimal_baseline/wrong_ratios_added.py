# wrong: the ratios of all words are added
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    square = (masks - p) ** 2
    return ((q * rewards) @ square / (q @ square)).sum()
