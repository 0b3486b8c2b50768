# wrong: only the likeliest word of each review is marked
import torch


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    best = logits.masked_fill(~mask, -1e9).argmax(-1)
    return torch.nn.functional.one_hot(best, logits.shape[1]).double()
