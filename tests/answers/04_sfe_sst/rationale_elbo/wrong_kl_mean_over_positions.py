# wrong: the KL is averaged over all positions; it is a sum over words
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    q = Bernoulli(logits=logits)
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    rate = (kl_divergence(q, prior) * mask).mean(-1)
    return log_likelihood.mean(0) - rate
