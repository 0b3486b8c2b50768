# wrong: the noise is compared with the logit; compare it with its sigmoid
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < logits).double() + p - p.detach()
