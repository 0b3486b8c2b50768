# wrong: the undecided ones are asked for
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    edge = temperature * edge
    return 1 - torch.sigmoid(edge - logits) + torch.sigmoid(-edge - logits)
