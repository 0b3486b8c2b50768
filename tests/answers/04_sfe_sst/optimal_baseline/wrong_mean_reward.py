# wrong: it is the mean reward; b* weights each mask by its squared score too
import torch


def optimal_baseline(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    return q @ rewards
