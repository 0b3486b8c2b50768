# right: torch's Categorical, and where for the padding
import torch
from torch.distributions import Categorical


def rnn_posterior(components, log_prior, tokens, mask):
    joint = []
    for component, prior in zip(components, log_prior):
        each = Categorical(logits=component(tokens)).log_prob(tokens)
        joint.append(prior + torch.where(mask, each, 0.0).sum(-1))
    return Categorical(logits=torch.stack(joint, -1)).probs
