# wrong: it draws numbers of its own
import torch


def undecided(logits, temperature, margin):
    u = torch.rand(100000, 1).double()
    s = torch.sigmoid((logits + torch.logit(u)) / temperature)
    return ((s > margin) & (s < 1 - margin)).double().mean(0)
