"""All values of a discrete distribution's event."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.distributions import (
    Bernoulli,
    Categorical,
    Distribution,
    Independent,
    OneHotCategorical,
)

from vilib.exact.points import Points, guard

__all__ = ["enumerate_support"]


def enumerate_support(distribution: Distribution) -> Points:
    """All values that one event of a discrete distribution can take.

    The batch axes of the distribution play no part: each batch element has the same support.
    A vector of D variables with K values each has Kᴰ values; the last variable changes fastest.

    Args:
        distribution: Bernoulli, Categorical, OneHotCategorical, another distribution with
            `enumerate_support`, or `Independent` of these.

    Returns:
        Points with values `[N, *event]`, float64 where `sample` returns floating numbers and int64
        where it returns integers (Categorical), and log weights 0.

    Raises:
        ValueError: The support is not finite, or has more than 2**20 values.

    Example:
        >>> from torch.distributions import Bernoulli, Independent
        >>> q = Independent(Bernoulli(torch.full((3, 2), 0.5)), 1)  # B = 3, D = 2
        >>> enumerate_support(q).values.tolist()
        [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    values = event_values(distribution)
    if values.is_floating_point():
        values = values.double()
    return Points(values, torch.zeros(len(values), dtype=torch.double, device=values.device))


def innermost(q: Distribution) -> Distribution:
    """The distribution inside all wrappings by `Independent`."""
    while isinstance(q, Independent):
        q = q.base_dist
    return q


def event_values(distribution: Distribution) -> Tensor:
    """The values of one event, `[N, *event]`, in the distribution's own dtype."""
    if isinstance(distribution, Independent):
        base = distribution.base_dist
        r = distribution.reinterpreted_batch_ndims
        shape = base.batch_shape[len(base.batch_shape) - r :]
        return cartesian_power(event_values(base), shape)
    if not distribution.has_enumerate_support:
        raise ValueError(f"{type(distribution).__name__} has no finite support to enumerate")
    values = distribution.enumerate_support(expand=False)
    values = values.reshape(values.shape[0], *distribution.event_shape)
    guard(len(values), "the enumeration")
    return values


def impossible(distribution: Distribution, value: Tensor) -> Tensor:
    """Whether a value `[..., *event]` has a probability that was given as exactly 0, `[...]`.

    torch clamps such probabilities to eps. A probability that only underflowed, from logits, is
    told apart: the logits of a clamped one are those of eps.
    """
    base = innermost(distribution)
    axes = len(distribution.event_shape)
    if isinstance(base, Bernoulli):
        barred = torch.where(value > 0.5, exactly_zero(base.probs, base.logits), False)
        barred |= torch.where(value < 0.5, exactly_zero(1 - base.probs, -base.logits), False)
    elif isinstance(base, OneHotCategorical):
        barred = (value > 0.5) & exactly_zero(base.probs, base.logits)
    elif isinstance(base, Categorical):
        zero = exactly_zero(base.probs, base.logits)
        barred = zero.expand(*value.shape, -1).gather(-1, value.long()[..., None]).squeeze(-1)
    else:
        return torch.zeros((), dtype=torch.bool, device=value.device)
    return barred.flatten(-axes).any(-1) if axes else barred


def exactly_zero(probs: Tensor, logits: Tensor) -> Tensor:
    """Which probabilities were given as 0, and not as logits that underflow."""
    return (probs == 0) & (logits > math.log(torch.finfo(logits.dtype).eps / 2))


def cartesian_power(values: Tensor, shape: torch.Size) -> Tensor:
    """All ways to fill an array of `shape` with `values` `[K, ...]`, `[N, *shape, ...]`."""
    K, D = len(values), math.prod(shape)
    N = K**D
    guard(N, f"the enumeration of {D} variables with {K} values each")
    # the digits of 0, …, N-1 in base K
    place = K ** torch.arange(D - 1, -1, -1, device=values.device)
    digits = torch.arange(N, device=values.device)[:, None] // place % K  # [N, D]
    return values[digits].reshape(N, *shape, *values.shape[1:])
