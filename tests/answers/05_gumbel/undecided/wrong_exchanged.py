# wrong: the edges are exchanged
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    edge = temperature * edge
    return torch.sigmoid(-edge - logits) - torch.sigmoid(edge - logits)
