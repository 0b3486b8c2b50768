# wrong: or exp(logit) overflows in float32
import torch


def bernoulli_log_pmf(logits, x):
    return x * logits - torch.log1p(torch.exp(logits))
