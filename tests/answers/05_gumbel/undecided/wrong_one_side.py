# wrong: only one side is counted
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(temperature * edge - logits) - torch.sigmoid(-logits)
