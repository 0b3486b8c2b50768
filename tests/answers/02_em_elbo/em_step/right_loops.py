# right: loops over components
import torch


def em_step(log_prior, log_words, counts, smoothing):
    joint = torch.stack([p + (counts * w).sum(-1) for p, w in zip(log_prior, log_words)], -1)
    q = (joint - joint.logsumexp(-1, keepdim=True)).exp()
    rows = [(q[:, k, None] * counts).sum(0) + smoothing for k in range(len(log_prior))]
    return q.mean(0).log(), torch.stack([row / row.sum() for row in rows]).log()


def em_objective(log_prior, log_words, counts, smoothing):
    total = smoothing * log_words.sum()
    for n in counts:
        total = total + torch.logsumexp(log_prior + log_words @ n, 0)
    return total
