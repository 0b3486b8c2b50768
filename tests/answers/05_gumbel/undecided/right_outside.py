# right: one less what lies outside, by symmetry
import torch


def undecided(logits, temperature, margin):
    edge = torch.tensor(1 / margin - 1, dtype=logits.dtype).log() * temperature
    below = 1 / (1 + torch.exp(edge + logits))
    above = 1 / (1 + torch.exp(edge - logits))
    return 1 - below - above
