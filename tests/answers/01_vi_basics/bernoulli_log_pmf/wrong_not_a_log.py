# wrong: the probability came back, not its logarithm
import torch


def bernoulli_log_pmf(logits, x):
    p = torch.sigmoid(logits)
    return x * p + (1 - x) * (1 - p)
