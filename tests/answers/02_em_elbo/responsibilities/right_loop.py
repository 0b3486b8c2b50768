# right: document by document
import torch


def responsibilities(log_prior, log_words, counts):
    rows = []
    for n in counts:
        a = log_prior + (n * log_words).sum(-1)
        a = (a - a.max()).exp()
        rows.append(a / a.sum())
    return torch.stack(rows)
