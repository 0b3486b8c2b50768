# wrong: it is not finite
import torch


def bernoulli_log_pmf(logits, x):
    p = torch.sigmoid(logits)
    return torch.where(x > 0, torch.log(p), torch.log(1 - p))
