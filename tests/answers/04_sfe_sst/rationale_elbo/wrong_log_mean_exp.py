# wrong: it is the log of a mean likelihood
import math

import torch
from torch.distributions import Bernoulli, kl_divergence


def rationale_elbo(log_likelihood, logits, mask, prior_rate):
    prior = Bernoulli(torch.full_like(logits, prior_rate))
    kl = kl_divergence(Bernoulli(logits=logits), prior)
    log_mean = log_likelihood.logsumexp(0) - math.log(len(log_likelihood))
    return log_mean - (kl * mask).sum(-1)
