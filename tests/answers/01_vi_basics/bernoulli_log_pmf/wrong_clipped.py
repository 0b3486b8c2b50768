# wrong: as if the probability were clipped before the logarithm
import torch


def bernoulli_log_pmf(logits, x):
    p = torch.sigmoid(logits).clamp(1e-12, 1 - 1e-12)
    return torch.where(x > 0, torch.log(p), torch.log(1 - p))
