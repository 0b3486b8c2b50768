# wrong: every mask counts alike; weight each by its probability q(z)
import torch


def exact_gradient(logits, masks, rewards):
    return rewards @ (masks - torch.sigmoid(logits))
