"""α-entmax: from softmax (α = 1) to sparsemax (α = 2) and beyond."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from vilib.sparse.candidates import among_candidates
from vilib.sparse.sparsemax import from_the_top, sparsemax

__all__ = ["entmax"]

# halvings of an interval of length 1, to far below the rounding of float64
ROUNDS = 64


def entmax(scores: Tensor, alpha: float | Tensor = 1.5, dim: int = -1) -> Tensor:
    """The distribution that trades expected score for Tsallis entropy.

    p = argmax_{p ∈ Δ} pᵀs + H_α(p),  H_α(p) = 1/(α (α-1)) ∑ᵢ (pᵢ - pᵢ^α);
    pᵢ = exp_α(sᵢ - c) with exp_α(u) = max(0, 1 + (α-1) u)^{1/(α-1)}, and c makes ∑ᵢ pᵢ = 1.

    α = 1 is softmax, exp₁ = exp and c = log ∑ exp sᵢ; α = 2 is sparsemax. Above 1 small
    probabilities are exactly 0, and the more so the larger α. c is found by sorting for the number
    1.5, by Newton's method for other α ≤ 2, and by bisection above. The gradient with respect to
    scores has factors pᵢ^{2-α}: for α > 2 it has no bound, and is cut off at 1/eps.

    Args:
        scores: Floating numbers, `[..., K, ...]`; -∞ masks a category, which then gets exactly 0.
        alpha: α ≥ 1, a number, or a tensor that broadcasts with scores and has one value per row
            (size 1 at `dim`); a gradient flows to a tensor.
        dim: The axis of the K categories.

    Returns:
        Probabilities of the shape and dtype of scores.

    Raises:
        TypeError: The scores are integers.
        ValueError: α is below 1 or infinite, or has another shape; a row is masked altogether, or
            a score is NaN or +∞.

    Source: B. Peters, V. Niculae and A. F. T. Martins, 2019, Sparse Sequence-to-Sequence Models,
        https://arxiv.org/abs/1905.05702; G. M. Correia, V. Niculae and A. F. T. Martins, 2019,
        Adaptively Sparse Transformers, https://arxiv.org/abs/1909.00015

    Example:
        >>> s = torch.tensor([1.0, 0.0, -1.0])
        >>> torch.stack([entmax(s, alpha) for alpha in (1, 1.5, 2)])
        tensor([[0.6652, 0.2447, 0.0900],
                [0.8307, 0.1693, 0.0000],
                [1.0000, 0.0000, 0.0000]])
    """
    if isinstance(alpha, Tensor):
        return Entmax.apply(scores, per_row(alpha, scores, dim), dim, by_steps)
    if not 1 <= alpha < math.inf:
        raise ValueError(f"alpha must be at least 1 and finite, got {alpha}")
    if alpha == 1:
        from_the_top(scores.detach(), dim)
        return scores.softmax(dim)
    if alpha == 2:
        return sparsemax(scores, dim)
    find = by_sorting if alpha == 1.5 else by_steps
    # max s gets at most 1, hence c ≥ max s, and exp_α is 0 below -1/(α-1)
    return among_candidates(scores, dim, 1 / (alpha - 1), partial(one_alpha, alpha, find))


class Entmax(torch.autograd.Function):
    """Entmax over one axis, for given α and a way to find c."""

    @staticmethod
    def forward(
        ctx: Any, scores: Tensor, alpha: Tensor, dim: int, find: Callable[..., Tensor]
    ) -> Tensor:
        """The probabilities."""
        u, a = from_the_top(scores, dim), alpha - 1
        p = log_exp_alpha(u - find(u, a, dim), a).exp()
        # for large α, exp_α is so steep at 0 that the rounding of c shows
        p = p / p.sum(dim, keepdim=True)
        ctx.save_for_backward(p, alpha)
        ctx.dim = dim
        return p

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """∂pᵢ/∂sⱼ = gᵢ (1{i = j} - wⱼ) and ∂pᵢ/∂α = rᵢ - wᵢ ∑ⱼ rⱼ, with w = g / ∑ g."""
        p, alpha = ctx.saved_tensors
        a, inside = alpha - 1, p > 0
        log_p = p.where(inside, 1.0).log()
        # g = ∂exp_α/∂u = p^{2-α}
        g = ((1 - a) * log_p).exp().clamp(max=1 / torch.finfo(p.dtype).eps).where(inside, 0.0)
        w = g / g.sum(ctx.dim, keepdim=True)
        centred = gradient - (w * gradient).sum(ctx.dim, keepdim=True)
        if not ctx.needs_input_grad[1]:
            return g * centred, None, None, None
        r = slope_in_alpha(p, log_p, g, a)
        return g * centred, (r * centred).sum(ctx.dim, keepdim=True), None, None


def one_alpha(alpha: float, find: Callable[..., Tensor], scores: Tensor, dim: int) -> Tensor:
    """Entmax with one α for all rows."""
    return Entmax.apply(scores, scores.new_full((), alpha), dim, find)


def per_row(alpha: Tensor, scores: Tensor, dim: int) -> Tensor:
    """α as a tensor with one value per row, `[..., 1, ...]`, after a check of its values."""
    if not ((alpha >= 1) & alpha.isfinite()).all():
        raise ValueError("alpha must be at least 1 and finite")
    rows = list(scores.shape)
    rows[dim] = 1
    try:
        return alpha.to(scores).expand(rows)
    except RuntimeError:
        raise ValueError(f"alpha must fit {rows}, got {list(alpha.shape)}") from None


def log_exp_alpha(u: Tensor, a: Tensor) -> Tensor:
    """log exp_α(u) = log(1 + a u) / a, with a = α - 1; -∞ where exp_α is 0."""
    return torch.where(a > 0, (a * u).clamp(min=-1).log1p() / a, u)


def slope_in_alpha(p: Tensor, log_p: Tensor, g: Tensor, a: Tensor) -> Tensor:
    """∂exp_α(u)/∂α at given u, as a function of p = exp_α(u): (p - g - a p log p) / a²."""
    x = a * log_p
    series = torch.ones_like(x)
    for k in reversed(range(3, 15)):
        series = 1 - x / k * series
    # near x = 0 the difference has lost its digits; p² is there what p (log p)² is elsewhere
    far = (p - g - p * x) / a.where(a > 0, 1.0) ** 2
    return torch.where(x < -0.5, far, -0.5 * p * log_p**2 * series)


def by_sorting(u: Tensor, a: Tensor, dim: int) -> Tensor:
    """c for α = 3/2: with z = u/2, ∑_{i ≤ n} (zᵢ - τ)² = 1 over the n largest; c = 2 (τ + 1).

    n is the largest for which zₙ is above the τ of the n largest.
    """
    z = (u / 2).sort(dim, descending=True).values
    shape = [1] * z.dim()
    shape[dim] = -1
    n = torch.arange(1, z.shape[dim] + 1, dtype=z.dtype, device=z.device).view(shape)
    mean, square = z.cumsum(dim) / n, (z**2).cumsum(dim) / n
    τ = mean - (1 / n - (square - mean**2)).clamp(min=0).sqrt()
    # NaN, where z is -∞, compares false
    size = (τ < z).sum(dim, keepdim=True)
    return 2 * (τ.gather(dim, size - 1) + 1)


def by_steps(u: Tensor, a: Tensor, dim: int) -> Tensor:
    """c by Newton's method for α ≤ 2, by bisection for α > 2; u has largest element 0.

    ∑ᵢ exp_α(uᵢ - c) falls in c, from at least 1 at c = 0 to at most 1 where all K terms are 1/K.
    For α ≤ 2 it is convex, and Newton's steps from the left never go too far.
    """
    low = torch.zeros_like(u.narrow(dim, 0, 1)) + 0 * a
    high = -lowest_top(u.shape[dim], a) + low
    c = low
    for _ in range(ROUNDS):
        log_p = log_exp_alpha(u - c, a)
        excess = log_p.exp().sum(dim, keepdim=True) - 1
        slope = ((1 - a) * log_p).exp().where(log_p > -torch.inf, 0.0).sum(dim, keepdim=True)
        low, high = torch.where(excess < 0, low, c), torch.where(excess < 0, c, high)
        new = torch.where(a <= 1, c + (excess / slope).relu(), (low + high) / 2)
        if torch.equal(new, c):
            break
        c = new
    # rounding may have left no mass at all to the right of the root, but never to its left
    return torch.where(a <= 1, c, low)


def lowest_top(K: int, a: Tensor) -> Tensor:
    """The u at which exp_α(u) = 1/K, (K^{-a} - 1) / a: the largest of K gets no less."""
    return torch.where(a > 0, (-a * math.log(K)).expm1() / a, -math.log(K))
