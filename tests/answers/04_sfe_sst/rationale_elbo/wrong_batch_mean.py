# wrong: the batch is averaged; one ELBO per review is expected
import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    q = Bernoulli(logits=logits)
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    rate = (kl_divergence(q, prior) * mask).sum(-1)
    return (log_likelihood.mean(0) - rate).mean()
