# wrong: it takes both sides to be alike
import math

import torch


def undecided(logits, temperature, margin):
    e = temperature * math.log(1 / margin - 1)
    return 1 - 2 * torch.sigmoid(-e - logits)
