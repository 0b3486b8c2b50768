# wrong: an axis of length 1 is gone
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    kl = kl_divergence(Bernoulli(logits=logits), prior)
    return log_likelihood.mean(0).squeeze() - (kl * mask).sum(-1).squeeze()
