# wrong: you returned the probability, not its logarithm
import torch


def log_pmf(z, logits, mask):
    p = torch.sigmoid(logits)
    each = z * p + (1 - z) * (1 - p)
    return torch.where(mask, each, 1.0).prod(-1)
