"""E_q[f(z)] and the ELBO as exact sums."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.exact.enumeration import enumerate_support, impossible
from vilib.exact.points import Points, weights_beside

__all__ = ["elbo", "expectation"]


def expectation(
    q: Distribution, f: Callable[[Tensor], Tensor], points: Points | None = None
) -> Tensor:
    """E_q[f(z)] = ∑_z q(z) f(z), differentiable in everything that q and f depend on.

    A point without mass adds nothing, whatever f is there. (A probability that was given as exactly
    0 or 1 is taken at its word, where torch's `log_prob` says log eps; it has no gradient.)

    Args:
        q: Batch shape `[B]` (or `[]`), any event shape.
        f: Maps z `[N, B, *event]` to `[N, B]`, like the f of `vilib.estimators` with S = N. The z
            it gets is float64 (int64 for Categorical).
        points: Where to sum; by default all values of q's event.

    Returns:
        The expectation, `[B]`, float64.

    Raises:
        ValueError: f returns another shape, or more than 2**20 points.

    Example: the mean of the number of heads in two throws.
        >>> import torch
        >>> from torch.distributions import Bernoulli, Independent
        >>> q = Independent(Bernoulli(torch.tensor([[0.5, 0.25]])), 1)  # B = 1, D = 2
        >>> expectation(q, lambda z: z.sum(-1))
        tensor([0.7500], dtype=torch.float64)
    """
    z, log_q, log_weights = at_points(q, points)
    return weighted_sum(log_q + log_weights, per_datapoint("f", f(z), log_q))


def elbo(
    q: Distribution, log_joint: Callable[[Tensor], Tensor], points: Points | None = None
) -> Tensor:
    """ELBO = E_q[log p(x, z) - log q(z)] per datapoint, in nats; higher is better.

    The function is log p(x, z), the prior within, where the sampled ELBO,
    `bounds.elbo(q, log_likelihood, prior)`, takes log p(x | z) and the prior beside it.

    Args:
        q: The approximate posterior, batch shape `[B]` (or `[]`).
        log_joint: z ↦ log p(x, z); maps `[N, B, *event]` to `[N, B]`.
        points: Where to sum; by default all values of q's event.

    Returns:
        The ELBO, `[B]`, float64, differentiable.

    Raises:
        ValueError: `log_joint` returns another shape, or more than 2**20 points.

    Source: M. I. Jordan, Z. Ghahramani, T. S. Jaakkola and L. K. Saul, 1999, An Introduction to
        Variational Methods for Graphical Models, https://doi.org/10.1023/A:1007665907178

    Example: the ELBO at the prior, for a coin z with p(x|z=1) = .8 and p(x|z=0) = .3.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> likelihood = torch.tensor([0.3, 0.8], dtype=torch.double)
        >>> q = Bernoulli(torch.tensor([0.5], dtype=torch.double))
        >>> elbo(q, lambda z: q.log_prob(z) + likelihood[z.long()].log())
        tensor([-0.7136], dtype=torch.float64)
    """
    z, log_q, log_weights = at_points(q, points)
    log_p = per_datapoint("log_joint", log_joint(z), log_q)
    return weighted_sum(log_q + log_weights, log_p - log_q)


def at_points(q: Distribution, points: Points | None) -> tuple[Tensor, Tensor, Tensor]:
    """z `[N, B, *event]`, log q(z) `[N, B]` and log weights `[N, 1]`."""
    values, log_weights = enumerate_support(q) if points is None else points
    N, event, batch = len(values), values.shape[1:], q.batch_shape
    z = values.reshape(N, *(1,) * len(batch), *event).expand(N, *batch, *event)
    log_q = q.log_prob(z).double().masked_fill(impossible(q, z), -torch.inf)
    return z, log_q, weights_beside(log_weights, log_q)


def per_datapoint(name: str, values: Tensor, log_q: Tensor) -> Tensor:
    """What a caller's function returned, as float64, after a check that it is `[N, B]`."""
    if values.shape != log_q.shape:
        want, got = list(log_q.shape), list(values.shape)
        raise ValueError(f"{name} must return one value per point and datapoint, {want}, got {got}")
    return values.double()


def weighted_sum(log_mass: Tensor, values: Tensor) -> Tensor:
    """∑ₙ exp(log_massₙ) valuesₙ, with 0 · ∞ = 0."""
    mass = log_mass.exp()
    return (mass * torch.where(mass > 0, values, 0.0)).sum(0)
