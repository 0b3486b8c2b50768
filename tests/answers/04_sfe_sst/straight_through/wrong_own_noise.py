# wrong: it differs from call to call: use the noise that is given
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return torch.bernoulli(p.expand_as(noise).detach()) + p - p.detach()
