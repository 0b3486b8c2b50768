"""Sparsemax: the point of the simplex that is nearest to the scores."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from vilib.sparse.candidates import among_candidates

__all__ = ["sparsemax"]


def sparsemax(scores: Tensor, dim: int = -1) -> Tensor:
    """The Euclidean projection of scores onto the probability simplex.

    p = argmin_{p ∈ Δ} ‖p - s‖², that is pᵢ = max(sᵢ - τ, 0) with the τ that makes ∑ᵢ pᵢ = 1.

    Where softmax leaves every category some mass, sparsemax gives exactly 0 to those whose score
    is at or below τ. For two categories it is the hard sigmoid, p₁ = clamp((s₁ - s₂ + 1)/2, 0, 1).
    With P = {i: pᵢ > 0}, the support, ∂pᵢ/∂sⱼ = 1{i = j} - 1/|P| for i and j in P, and 0 otherwise;
    differentiated again, it is 0.

    Args:
        scores: Floating numbers, `[..., K, ...]`; -∞ masks a category, which then gets exactly 0.
        dim: The axis of the K categories.

    Returns:
        Probabilities of the shape and dtype of scores.

    Raises:
        TypeError: The scores are integers.
        ValueError: A row is masked altogether, or a score is NaN or +∞.

    Source: A. F. T. Martins and R. F. Astudillo, 2016, From Softmax to Sparsemax: A Sparse Model of
        Attention and Multi-Label Classification, https://arxiv.org/abs/1602.02068

    Example:
        >>> s = torch.tensor([0.3, 0.1, -2.0, -torch.inf])
        >>> sparsemax(s)
        tensor([0.6000, 0.4000, 0.0000, 0.0000])
    """
    # max s gets at most 1, hence τ ≥ max s - 1
    return among_candidates(scores, dim, 1.0, Projection.apply)


class Projection(torch.autograd.Function):
    """Sparsemax by Newton's method on ∑ᵢ max(sᵢ - τ, 0) = 1.

    The sum is convex and falls in τ. From τ = max s - 1, where it is at least 1, Newton's steps
    never go too far, the support only shrinks, and τ is exact once it no longer does.

    Source: C. Michelot, 1986, A Finite Algorithm for Finding the Projection of a Point onto the
        Canonical Simplex of ℝⁿ, https://doi.org/10.1007/BF00938486
    """

    @staticmethod
    def forward(ctx: Any, scores: Tensor, dim: int) -> Tensor:
        """The probabilities."""
        s = from_the_top(scores, dim)
        τ, size = -1.0, None
        while True:
            p = (s - τ).relu_()
            before, size = size, p.sign().sum(dim, keepdim=True)
            if before is not None and torch.equal(size, before):
                break
            # rounding must not take τ back: an element would leave and return for ever
            τ = τ + ((p.sum(dim, keepdim=True) - 1) / size).relu_()
        ctx.save_for_backward(p)
        ctx.dim = dim
        return p

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """Within the support, the gradient minus its mean."""
        (p,) = ctx.saved_tensors
        support = p.sign()
        inside = gradient * support
        mean = inside.sum(ctx.dim, keepdim=True) / support.sum(ctx.dim, keepdim=True)
        return inside - support * mean, None


def from_the_top(scores: Tensor, dim: int) -> Tensor:
    """Scores minus the largest of their row, after a check that this is a finite number."""
    if not scores.is_floating_point():
        raise TypeError(f"scores must be floating numbers, got {scores.dtype}")
    top = scores.amax(dim, keepdim=True)
    if not top.isfinite().all():
        raise ValueError("every row needs a largest score that is finite, and no score may be NaN")
    return scores - top
