# wrong: the score is summed over words before it is squared
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    square = (masks - p).sum(-1) ** 2
    return (q * square * rewards).sum() / (q * square).sum()
