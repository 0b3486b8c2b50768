# right: the sigmoid written out
import math

import torch


def cdf(t):
    return 1 / (1 + torch.exp(-t))


def undecided(logits, temperature, margin):
    edge = temperature * math.log(1 / margin - 1)
    return cdf(edge - logits) - cdf(-edge - logits)
