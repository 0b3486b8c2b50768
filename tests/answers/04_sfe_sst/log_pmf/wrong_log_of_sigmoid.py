# wrong: at logits of ±1000 it is lost to rounding; use logsigmoid, not the log of a sigmoid
import torch


def log_pmf(z, logits, mask):
    p = torch.sigmoid(logits)
    each = torch.where(z > 0.5, p.log(), (1 - p).log())
    return (each * mask).sum(-1)
