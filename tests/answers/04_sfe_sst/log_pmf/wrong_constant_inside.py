# wrong: is added inside the logarithm
import torch


def log_pmf(z, logits, mask):
    p = torch.sigmoid(logits)
    each = z * torch.log(p + 1e-8) + (1 - z) * torch.log(1 - p + 1e-8)
    return (each * mask).sum(-1)
