# wrong: padding is counted in the KL
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    q = Bernoulli(logits=logits)
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    return log_likelihood.mean(0) - kl_divergence(q, prior).sum(-1)
