# wrong: the KL is divided by the number of samples
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    kl = kl_divergence(Bernoulli(logits=logits), prior)
    return log_likelihood.mean(0) - (kl * mask).sum(-1) / len(log_likelihood)
