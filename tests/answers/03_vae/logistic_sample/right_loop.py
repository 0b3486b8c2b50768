# right: one number after the other
import torch


def logistic_sample(u, mean, scale):
    out = []
    for each, m, s in zip(u, mean, scale):
        out.append(s * (each / (1 - each)).log() + m)
    return torch.stack(out)
