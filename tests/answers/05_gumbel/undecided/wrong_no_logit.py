# wrong: the logit a is missing
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    edge = temperature * edge
    return (torch.sigmoid(edge) - torch.sigmoid(-edge)).expand_as(logits)
