"""The points that a sum runs over, and the guard on how many there may be."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["MAX_TERMS", "Points"]

MAX_TERMS = 2**20


class Points(NamedTuple):
    """Points to sum over: ∑ₙ exp(log_weights[n]) g(values[n]) is a sum or an integral of g.

    Attributes:
        values: The points, `[N, *event]`.
        log_weights: Zero for the values of a discrete variable, the logarithm of the quadrature
            weight for a continuous one, `[N]`, float64.

    Example: ∫₀¹ z² dz = 1/3 with two nodes.
        >>> from vilib import exact
        >>> points = exact.quadrature(0.0, 1.0, num=2)
        >>> (points.log_weights.exp() * points.values**2).sum()
        tensor(0.3333, dtype=torch.float64)
    """

    values: Tensor
    log_weights: Tensor


def guard(count: int, what: str) -> None:
    """Raise a ValueError that names the count if it exceeds 2**20 terms."""
    if count > MAX_TERMS:
        raise ValueError(f"{what} has {count} terms; at most {MAX_TERMS} are summed")


def per_point(name: str, values: Tensor, points: Points) -> Tensor:
    """What a caller's function returned, as float64, after a check that its first axis is N."""
    N = points.log_weights.shape[0]
    if values.dim() not in (1, 2) or values.shape[0] != N:
        shape = list(values.shape)
        raise ValueError(f"{name} must return [{N}] or [{N}, B], one value per point, got {shape}")
    return values.to(torch.double)


def weights_beside(log_weights: Tensor, values: Tensor) -> Tensor:
    """The log weights `[N]` with as many trailing axes as `values` `[N, ...]`."""
    shape = (-1, *(1,) * (values.dim() - 1))
    return log_weights.to(values.device).reshape(shape)
