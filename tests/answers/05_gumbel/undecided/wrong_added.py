# wrong: the two shares are added
import math

import torch


def undecided(logits, temperature, margin):
    e = temperature * math.log(1 / margin - 1)
    return torch.sigmoid(e - logits) + torch.sigmoid(-e - logits)
