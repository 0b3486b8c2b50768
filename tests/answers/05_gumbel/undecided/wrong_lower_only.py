# wrong: only the lower edge is used
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(-temperature * edge - logits)
