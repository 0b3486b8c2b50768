# wrong: the weights are log q(z); they are q(z)
import torch


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    log_q = torch.where(masks > 0.5, p, 1 - p).log().sum(-1)
    return (log_q * rewards) @ (masks - p)
