# right: torch's distribution
import torch


def bernoulli_log_pmf(logits, x):
    return torch.distributions.Bernoulli(logits=logits).log_prob(x)
