# right: the threshold on the logits: λ > logit(u), in float32
import torch


def straight_through(logits, noise):
    logits = logits.float()
    z = (logits > torch.logit(noise)).float()
    p = torch.special.expit(logits)
    return z.detach() + (p - p.detach())
