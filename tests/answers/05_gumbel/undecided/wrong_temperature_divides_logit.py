# wrong: τ divides the logit a
import math

import torch


def undecided(logits, temperature, margin):
    e = math.log(1 / margin - 1)
    return torch.sigmoid(e - logits / temperature) - torch.sigmoid(-e - logits / temperature)
