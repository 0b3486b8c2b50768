# right: cross_entropy with padding ignored
import torch
from torch.nn.functional import cross_entropy


def rnn_posterior(components, log_prior, tokens, mask):
    target = tokens.masked_fill(~mask, -100)
    losses = []
    for component in components:
        logits = component(tokens).transpose(1, 2)  # [B, V, T]
        losses.append(cross_entropy(logits, target, reduction="none").sum(-1))
    joint = log_prior - torch.stack(losses, -1)
    return (joint - joint.logsumexp(-1, keepdim=True)).exp()
