# wrong: it is the odds p/(1 − p)
import torch


def bernoulli_log_pmf(logits, x):
    odds = torch.exp(logits)
    return x * torch.log(odds) + (1 - x) * torch.log(1 - odds)
