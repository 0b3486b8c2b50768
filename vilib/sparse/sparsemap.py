"""SparseMAP: a sparse distribution over structures, from scores of their parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["SparseMAP", "map_oracle", "sparsemap"]

MAX_STEPS = 10_000


class SparseMAP(NamedTuple):
    """The solution, and the few structures that it is a mixture of.

    `vilib.distributions.Atoms(result.structures, result.probs)` is the distribution.

    Attributes:
        marginals: μ = ∑ᵢ pᵢ aᵢ, `[*batch, D]`. They are unique.
        structures: The aᵢ, `[n, *batch, D]`; lists shorter than n go on with their first.
        probs: The pᵢ, `[n, *batch]`; exactly 0 on what only fills a list up.

    Example:
        >>> result = sparsemap(torch.tensor([0.3, 0.1]), torch.eye(2))
        >>> result.marginals
        tensor([0.6000, 0.4000])
    """

    marginals: Tensor
    structures: Tensor
    probs: Tensor


def sparsemap(scores: Tensor, structures: Tensor | Callable[[Tensor], Tensor]) -> SparseMAP:
    """argmax_μ scores·μ - ½‖μ‖² over the convex hull of the structures (the marginal polytope).

    It is the point of the polytope nearest to the scores. MAP alone would return one structure;
    the quadratic term leaves a mixture of at most D + 1. On the unit vectors it is sparsemax.

    The active set method asks for the best structure under `scores - μ`, adds it, moves to the
    nearest point of the flat through those it has, drops those whose weight would turn negative,
    and stops when no structure is better than μ. On the set it stops with, the weights solve a
    linear system in the scores: that is what autograd differentiates.

    Args:
        scores: One per part, `[*batch, D]`, finite.
        structures: All of them, `[N, D]`, row n saying which parts structure n has; or a MAP oracle
            that maps scores `[D]` to the best structure `[D]`, for when N is large.

    Raises:
        ValueError: A score is not finite.
        RuntimeError: No convergence in 10,000 steps.

    Source: V. Niculae, A. F. T. Martins, M. Blondel and C. Cardie, 2018, SparseMAP: Differentiable
        Sparse Structured Inference, https://arxiv.org/abs/1802.04223; P. Wolfe, 1976, Finding the
        Nearest Point in a Polytope, https://doi.org/10.1007/BF01580381

    Example: choose two of four parts.
        >>> pairs = torch.combinations(torch.arange(4))
        >>> pairs = torch.nn.functional.one_hot(pairs, 4).sum(1)
        >>> mu, structures, probs = sparsemap(torch.tensor([2.0, 0.6, 0.4, -2.0]), pairs)
        >>> mu, structures.tolist(), probs
        (tensor([1.0000, 0.6000, 0.4000, 0.0000]),
         [[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]], tensor([0.6000, 0.4000]))
    """
    require_finite(scores)
    if not scores.numel():  # an empty batch
        return SparseMAP(scores.clone(), scores.detach()[None], scores.sum(-1)[None])
    *batch, D = scores.shape
    oracle = map_oracle(structures)
    # the weights are differences of scores: float32 would lose them between large ones
    rows = scores.reshape(-1, D).double()
    # a structure that is better by less than the scores are rounded is not better
    rounding = max(1e-12, torch.finfo(scores.dtype).eps)
    active = [active_set(row.detach(), oracle, rounding) for row in rows]
    weights = [nearest_weights(row, A) for row, A in zip(rows, active)]
    marginals = torch.stack([p @ A for p, A in zip(weights, active)])
    n = max(len(A) for A in active)
    padded = [torch.cat([A, A[:1].expand(n - len(A), D)]) for A in active]
    probs = [torch.cat([p, p.new_zeros(n - len(p))]) for p in weights]
    return SparseMAP(
        marginals.reshape(*batch, D).to(scores),
        torch.stack(padded, 1).reshape(n, *batch, D).to(scores),
        torch.stack(probs, 1).reshape(n, *batch).to(scores),
    )


def require_finite(scores: Tensor) -> None:
    """Refuse scores that bar parts: which structures remain is for the caller to say."""
    if not scores.isfinite().all():
        raise ValueError("scores must be finite; leave out structures that are barred")


def map_oracle(
    structures: Tensor | Callable[[Tensor], Tensor],
) -> Callable[[Tensor], Tensor]:
    """scores `[D]` ↦ the best structure `[D]`, from a list of all of them or as it is."""
    if callable(structures):
        return lambda s: structures(s).to(s)
    return lambda s: structures[(structures.to(s) @ s).argmax()].to(s)


def active_set(s: Tensor, oracle: Callable[[Tensor], Tensor], rounding: float) -> Tensor:
    """The structures with mass `[n, D]`, affinely independent, for scores `[D]`."""
    A = oracle(s)[None]
    p = A.new_ones(1)
    tolerance = rounding * len(s) * (1 + s.norm())
    for _ in range(MAX_STEPS):
        mu = p @ A
        best = oracle(s - mu)
        if (s - mu) @ (best - mu) <= tolerance or (best == A).all(-1).any():
            return A
        A, p = torch.cat([A, best[None]]), torch.cat([p, p.new_zeros(1)])
        A, p = move(s, A, p)
    raise RuntimeError(f"no convergence in {MAX_STEPS} steps: is the oracle exact?")


def move(s: Tensor, A: Tensor, p: Tensor) -> tuple[Tensor, Tensor]:
    """From the weights p to the nearest point of the flat, dropping what would turn negative."""
    while True:
        target = nearest_weights(s, A)
        if (target > 0).all():
            return A, target
        # a weight that is 0 and should stay 0 goes first, at a step of 0
        shrink = (p - target).clamp(min=1e-300)
        steps = torch.where(target <= 0, p / shrink, torch.inf)
        p = p + steps.min() * (target - p)
        stay = torch.arange(len(p), device=p.device) != steps.argmin()
        A, p = A[stay], p[stay].clamp(min=0)


def nearest_weights(s: Tensor, A: Tensor) -> Tensor:
    """Weights p `[n]` with sum 1, of any sign, that minimise ‖p A - s‖; differentiable in s."""
    edges = A[1:] - A[0]
    w = torch.linalg.solve(edges @ edges.T, edges @ (s - A[0]))
    return torch.cat([1 - w.sum(0, keepdim=True), w])
