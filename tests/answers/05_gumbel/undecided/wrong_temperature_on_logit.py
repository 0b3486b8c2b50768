# wrong: the temperature also multiplies the logit a
import torch


def undecided(logits, temperature, margin):
    edge = torch.logit(torch.tensor(1 - margin, dtype=logits.dtype))
    t = temperature
    return torch.sigmoid(t * (edge - logits)) - torch.sigmoid(t * (-edge - logits))
