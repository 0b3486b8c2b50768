# wrong: at logits of ±1000 it is lost to rounding; use log_softmax, not the log of a softmax
import torch


def sentence_log_likelihood(logits, targets, mask):
    p = logits.softmax(-1).gather(-1, targets[..., None])[..., 0]
    return torch.where(mask, p.log(), 0.0).sum(-1)
