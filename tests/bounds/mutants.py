"""Bounds that are wrong on purpose. The test of the right one must fail each."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution, kl_divergence

from vilib.bounds.importance import ImportanceEstimate, importance
from vilib.bounds.log_mean_exp import log_mean_exp
from vilib.bounds.log_weights import draw

Function = Callable[[Tensor], Tensor]


def elbo_kl_averaged(
    q: Distribution, log_likelihood: Function, prior: Distribution, num_samples: int = 1
) -> Tensor:
    """The KL is averaged over latent dimensions where it should be summed."""
    prior = prior.expand(q.batch_shape)
    rate = kl_divergence(q.base_dist, prior.base_dist).mean(-1)
    return log_likelihood(draw(q, num_samples)).mean(0) - rate


def elbo_kl_reversed(
    q: Distribution, log_likelihood: Function, prior: Distribution, num_samples: int = 1
) -> Tensor:
    """KL(p ‖ q) where KL(q ‖ p) belongs."""
    prior = prior.expand(q.batch_shape)
    return log_likelihood(draw(q, num_samples)).mean(0) - kl_divergence(prior, q)


def iwae_without_count(log_weights: Tensor) -> Tensor:
    """The sum of the weights where their mean belongs: no - log S."""
    return log_weights.logsumexp(0)


def iwae_mean_of_log(log_weights: Tensor) -> Tensor:
    """The mean of the logarithms where the logarithm of the mean belongs."""
    return log_weights.mean(0)


def renyi_over_alpha(log_weights: Tensor, alpha: float) -> Tensor:
    """1/α where 1/(1 - α) belongs."""
    return log_mean_exp((1 - alpha) * log_weights) / alpha


def renyi_batch_inside(log_weights: Tensor, alpha: float) -> Tensor:
    """The batch is summed before the mean over samples, as if all shared one z; then shared out."""
    B = log_weights.shape[1]
    total = log_mean_exp((1 - alpha) * log_weights.sum(1)) / (1 - alpha)
    return (total / B).expand(B)


def free_bits_per_example(rate: Tensor, free_nats: float) -> Tensor:
    """Each datapoint is compared with the threshold, not their mean."""
    return rate.clamp(min=free_nats).mean(0).sum()


def sleep_wrong_side(posterior: Callable[[Tensor], Distribution], x: Tensor, z: Tensor) -> Tensor:
    """log q is held fixed and the dreams are not."""
    q = posterior(x)
    parameters = {
        name: value.detach()
        for name, value in q.__dict__.items()
        if isinstance(value, Tensor) and name in q.arg_constraints
    }
    return type(q)(**parameters).log_prob(z)


def importance_without_count(
    q: Distribution, log_joint: Function, num_samples: int = 1000
) -> ImportanceEstimate:
    """The standard deviation of a weight, not of their mean: no 1/√S."""
    right = importance(q, log_joint, num_samples)
    return right._replace(standard_error=right.standard_error * num_samples**0.5)


def wake_posterior_unweighted(log_weights: Tensor, log_q: Tensor) -> Tensor:
    """All samples count alike."""
    return log_q.mean(0)


def wake_posterior_weights_not_detached(log_weights: Tensor, log_q: Tensor) -> Tensor:
    """The normalised weights pass a gradient too."""
    return (torch.softmax(log_weights, 0) * log_q).sum(0)
