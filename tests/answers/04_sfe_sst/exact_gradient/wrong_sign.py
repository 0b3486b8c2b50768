# wrong: it has the wrong sign
import torch


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    return (q * rewards) @ (p - masks)
