# right: row by row, each word for itself
import torch


def leave_one_out(rewards):
    rows = []
    for s in range(len(rewards)):
        rows.append(torch.cat([rewards[:s], rewards[s + 1 :]]).mean(0))
    return torch.stack(rows).detach()


def argmax_mask(logits, mask):
    chosen = (logits.sign() + 1) / 2
    return chosen * mask
