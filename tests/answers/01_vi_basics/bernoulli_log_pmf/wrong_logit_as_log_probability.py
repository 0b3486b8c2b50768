# wrong: exp(logit) is used as p(x=1)
import torch


def bernoulli_log_pmf(logits, x):
    return torch.where(x > 0, logits, torch.log1p(-torch.exp(logits)))
