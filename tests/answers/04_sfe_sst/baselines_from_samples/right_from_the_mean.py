# right: (S · mean − r)/(S − 1); probability rounded
import torch


def leave_one_out(rewards):
    count = rewards.shape[0]
    return (count * rewards.detach().mean(0) - rewards.detach()) / (count - 1)


def argmax_mask(logits, mask):
    return torch.where(mask, torch.sigmoid(logits).round(), 0.0)
