# right: torch's kl_divergence, in float32
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    q = Bernoulli(logits=logits.float())
    prior = Bernoulli(torch.full_like(logits.float(), prior_rate))
    rate = kl_divergence(q, prior).masked_fill(~mask, 0.0).sum(-1)
    return log_likelihood.float().mean(0) - rate
