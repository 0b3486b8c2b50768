# right: by hyperbolic tangents
import math

import torch


def undecided(logits, temperature, margin):
    edge = temperature * math.log((1 - margin) / margin)
    return (torch.tanh((edge - logits) / 2) + torch.tanh((edge + logits) / 2)) / 2
