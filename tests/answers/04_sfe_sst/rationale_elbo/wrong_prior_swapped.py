# wrong: the prior is given to the words that are left out
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    q = Bernoulli(logits=logits)
    prior = Bernoulli(torch.full_like(logits, 1 - prior_rate))
    rate = (kl_divergence(q, prior) * mask).sum(-1)
    return log_likelihood.mean(0) - rate
