# wrong: z is 1 where the noise is above p; P(z = 1) would be 1 − p
import torch


def straight_through(logits, noise):
    p = torch.sigmoid(logits)
    return (noise > p).double() + p - p.detach()
