# right: p(1 − p) (E[r | zᵢ = 1] − E[r | zᵢ = 0]), word by word
import torch


def exact_gradient(logits, masks, rewards):
    p = torch.sigmoid(logits)
    q = torch.where(masks > 0.5, p, 1 - p).prod(-1)
    with_word = (q * rewards) @ masks / p
    without = (q * rewards) @ (1 - masks) / (1 - p)
    return p * (1 - p) * (with_word - without)
