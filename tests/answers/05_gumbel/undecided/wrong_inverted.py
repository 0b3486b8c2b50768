# wrong: the temperature is inverted
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    return torch.sigmoid(edge / temperature - logits) - torch.sigmoid(-edge / temperature - logits)
