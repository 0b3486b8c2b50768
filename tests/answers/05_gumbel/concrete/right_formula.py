# right: the formula as it is printed, then its logarithm
import math

import torch


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    K = s.shape[-1]
    t = temperature
    return torch.log(
        math.factorial(K - 1)
        * t ** (K - 1)
        * (logits.exp() * s ** (-t - 1)).prod(-1)
        / (logits.exp() * s**-t).sum(-1) ** K
    )
