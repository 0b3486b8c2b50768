# right: an edge in single precision
import torch


def undecided(logits, temperature, margin):
    edge = temperature * torch.logit(torch.tensor(margin))
    return torch.sigmoid(-edge - logits) - torch.sigmoid(edge - logits)
