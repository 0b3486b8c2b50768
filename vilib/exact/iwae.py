"""The importance-weighted bound as an exact sum."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.exact.expectation import at_points, per_datapoint, weighted_sum
from vilib.exact.points import Points, guard

__all__ = ["iwae"]


def iwae(
    q: Distribution,
    log_weight: Callable[[Tensor], Tensor],
    num_samples: int,
    points: Points | None = None,
) -> Tensor:
    """The IWAE bound E[log 1/S ∑ₛ exp f(zₛ)], z₁, …, z_S ~ q, in nats; higher is better.

    It is the ELBO for S = 1, never falls as S grows, and tends to log p(x). The sum runs over all
    Nˢ ways to draw S of N values. A value without mass adds nothing, whatever f is there.
    It takes q and the function log w, where `bounds.iwae(log_weights)` takes a tensor `[S, B]`, the
    values of log w at samples already drawn.

    Args:
        q: The proposal, batch shape `[B]` (or `[]`).
        log_weight: f, z ↦ log p(x, z) - log q(z); maps `[N, B, *event]` to `[N, B]`.
        num_samples: S.
        points: The values; by default all values of q's event.

    Returns:
        The bound, `[B]`, float64, differentiable in everything that q and f depend on.

    Raises:
        ValueError: `log_weight` returns another shape, S < 1, or more than 2**20 terms.

    Source: Y. Burda, R. Grosse and R. Salakhutdinov, 2016, Importance Weighted Autoencoders,
        https://arxiv.org/abs/1509.00519

    Example: a coin z with p(x, z) = 3/4 or 1/4, so log p(x) = 0, and q uniform.
        >>> from torch.distributions import Bernoulli
        >>> q = Bernoulli(torch.tensor([0.5], dtype=torch.double))
        >>> for S in (1, 2, 8):
        ...     print(iwae(q, lambda z: (0.75 - z / 2).log() - q.log_prob(z), S))
        tensor([-0.1438], dtype=torch.float64)
        tensor([-0.0719], dtype=torch.float64)
        tensor([-0.0164], dtype=torch.float64)
    """
    S = num_samples
    if S < 1:
        raise ValueError(f"num_samples must be at least 1, got {S}")
    z, log_q, log_weights = at_points(q, points)
    N = len(z)
    guard(N**S, f"the IWAE bound with {S} samples of {N} values")
    log_mass = log_q + log_weights  # [N, B]
    log_w = per_datapoint("log_weight", log_weight(z), log_q)
    log_w = torch.where(log_mass > -torch.inf, log_w, 0.0)
    log_joint, log_sum = log_mass, log_w
    for _ in range(S - 1):
        # one more sample: [Nˢ, B] becomes [Nˢ⁺¹, B]
        log_joint = (log_joint[:, None] + log_mass).flatten(0, 1)
        log_sum = torch.logaddexp(log_sum[:, None], log_w).flatten(0, 1)
    return weighted_sum(log_joint, log_sum - math.log(S))
