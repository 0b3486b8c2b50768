# right: one softplus for both outcomes
import torch.nn.functional as F


def bernoulli_log_pmf(logits, x):
    return x * logits - F.softplus(logits)
