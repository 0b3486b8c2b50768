# wrong: the noise is compared with 0.5; compare it with p
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise < 0.5).double() + p - p.detach()
