# wrong: the weighted masks are averaged; the weights already sum to 1
import torch


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    estimates = (q * rewards)[:, None] * (masks - p)
    return estimates.mean(0)
