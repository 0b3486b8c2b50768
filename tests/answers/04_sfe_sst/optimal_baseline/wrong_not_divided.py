# wrong: it is not divided by the variance of the score
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    norm = ((masks - p) ** 2).sum(-1)
    return (q * rewards * norm).sum()
