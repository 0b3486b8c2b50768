"""Bounds on log p(x), and what is maximised in their place: one idea per file.

Everything is per datapoint, `[B]`, in nats. Bounds are differentiable by the pathwise route, where
q has `rsample`; for a discrete q the estimators of `vilib.estimators` take f = log w, see `elbo`.

Example: one draw serves all bounds; z ~ N(0, 1), x ~ N(z, 1), and the prior for q.
    >>> import torch
    >>> from torch.distributions import Normal
    >>> from vilib import bounds
    >>> _ = torch.manual_seed(1)
    >>> x, prior = torch.tensor([2.0]), Normal(torch.zeros(1), 1.0)
    >>> def log_joint(z):
    ...     return prior.log_prob(z) + Normal(z, 1.0).log_prob(x)
    >>> log_w = bounds.log_weights(prior, log_joint, num_samples=1000)
    >>> elbo, iwae = log_w.mean(0), bounds.iwae(log_w)
    >>> bool(elbo < iwae)
    True
"""

from vilib.bounds.beta import beta_constant, beta_cyclical, beta_elbo, beta_linear
from vilib.bounds.bits_per_dimension import bits_per_dimension, perplexity
from vilib.bounds.elbo import elbo
from vilib.bounds.free_bits import free_bits
from vilib.bounds.importance import ImportanceEstimate, importance
from vilib.bounds.iwae import iwae
from vilib.bounds.log_mean_exp import log_mean_exp
from vilib.bounds.log_weights import log_weights
from vilib.bounds.minimum_desired_rate import MinimumDesiredRate
from vilib.bounds.rate_distortion import RateDistortion, rate_distortion
from vilib.bounds.renyi import renyi
from vilib.bounds.reweighted_wake_sleep import ReweightedWake, reweighted_wake
from vilib.bounds.wake_sleep import sleep, wake

__all__ = [
    "ImportanceEstimate",
    "MinimumDesiredRate",
    "RateDistortion",
    "ReweightedWake",
    "beta_constant",
    "beta_cyclical",
    "beta_elbo",
    "beta_linear",
    "bits_per_dimension",
    "elbo",
    "free_bits",
    "importance",
    "iwae",
    "log_mean_exp",
    "log_weights",
    "perplexity",
    "rate_distortion",
    "renyi",
    "reweighted_wake",
    "sleep",
    "wake",
]
