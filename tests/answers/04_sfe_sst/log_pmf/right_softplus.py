# right: λz − softplus(λ), summed where the mask is True
import torch


def log_pmf(z, logits, mask):
    each = z * logits - torch.nn.functional.softplus(logits)
    return each.masked_fill(~mask, 0.0).sum(-1)
