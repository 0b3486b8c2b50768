# wrong: the temperature is missing
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(edge - logits) - torch.sigmoid(-edge - logits)
