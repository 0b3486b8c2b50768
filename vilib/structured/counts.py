"""Posterior masses and expected counts from what the two sweeps leave; time comes first."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.structured.factors import Factors
from vilib.structured.scaled import EVERY, Filtered

__all__ = ["pair_masses", "state_masses", "step_counts", "total_step_counts"]


def state_masses(parts: Factors, kept: Filtered, u: Tensor) -> Tensor:
    """p(zₜ | x) = predₜ ∘ uₜ, `[T, B, K]`; it takes the place of u."""
    u[0].mul_(parts.initial)
    u[1:].mul_(kept.predicted)
    return u.view(len(u), -1, u.shape[-1])


def pair_masses(parts: Factors, kept: Filtered, u: Tensor) -> Tensor:
    """p(zₜ = i, zₜ₊₁ = j | x) = αₜ(i) A(i, j) uₜ₊₁(j), `[T-1, B, K, K]`."""
    alpha, u = departures(parts, kept), arrivals(u)
    if not len(u):
        return u.new_zeros(*u.shape, u.shape[-1])
    A = torch.stack(parts.steps)
    # one matrix for all sequences has no axis B
    return alpha[..., None] * (A[:, None] if A.dim() == 3 else A) * u[..., None, :]


def step_counts(parts: Factors, kept: Filtered, u: Tensor) -> Tensor:
    """∑ₜ p(zₜ = i, zₜ₊₁ = j | x), `[B, K, K]`, for matrices that do not change in time."""
    alpha, u = departures(parts, kept), arrivals(u)
    products = alpha.permute(1, 2, 0) @ u.transpose(0, 1)  # [B, K, T-1] @ [B, T-1, K]
    return products * parts.steps[0] if len(u) else products


def total_step_counts(parts: Factors, kept: Filtered, u: Tensor) -> Tensor:
    """Their sum over the sequences, `[K, K]`, as one product, for one matrix that all share."""
    alpha, u = departures(parts, kept), arrivals(u)
    products = alpha.flatten(0, 1).T @ u.flatten(0, 1)
    return products * parts.steps[0] if len(u) else products


def departures(parts: Factors, kept: Filtered) -> Tensor:
    """αₜ for t < T, divided as it was for the next step, `[T-1, B, K]`."""
    w = parts.emission
    predicted = torch.cat([parts.initial.expand(1, *w.shape[1:]), kept.predicted])
    alpha = predicted[:-1].mul_(w[:-1])
    if kept.divisors:
        alpha[EVERY - 1 :: EVERY].div_(torch.stack(kept.divisors))
    return alpha.view(len(alpha), w.shape[1], w.shape[-1])


def arrivals(u: Tensor) -> Tensor:
    """uₜ for t > 1, `[T-1, B, K]`."""
    return u[1:].view(len(u) - 1, u.shape[1], u.shape[-1])
