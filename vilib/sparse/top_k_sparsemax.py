"""Sparsemax that looks at the k largest scores only."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.sparse.sparsemax import sparsemax

__all__ = ["is_exact", "top_k_sparsemax"]


def top_k_sparsemax(scores: Tensor, k: int, dim: int = -1) -> Tensor:
    """The projection of scores onto the distributions that are 0 outside the k largest.

    p = sparsemax of the k largest scores, 0 elsewhere.

    Where fewer than k of them get mass, no other score could have got any, and this *is* sparsemax
    of all scores: `is_exact` says so from p and k. Useful where the k largest are known, or
    quickly found, among far too many. Of equal scores at the k-th place either may be taken.

    Args:
        scores: Floating numbers, `[..., K, ...]`; -∞ masks a category.
        k: How many scores to look at; K is meant where it is larger than K.
        dim: The axis of the K categories.

    Returns:
        Probabilities of the shape and dtype of scores, at most k of a row positive.

    Raises:
        TypeError: The scores are integers.
        ValueError: k < 1, a row is masked altogether, or a score is NaN or +∞.

    Source: G. M. Correia, V. Niculae, W. Aziz and A. F. T. Martins, 2020, Efficient Marginalization
        of Discrete and Structured Latent Variables via Sparsity, https://arxiv.org/abs/2007.01919

    Example: two scores are not enough, three are.
        >>> s = torch.tensor([0.3, 0.1, 0.2, -2.0])
        >>> for k in (2, 3, 4):
        ...     p = top_k_sparsemax(s, k)
        ...     print(p, is_exact(p, k).item())
        tensor([0.5500, 0.0000, 0.4500, 0.0000]) False
        tensor([0.4333, 0.2333, 0.3333, 0.0000]) False
        tensor([0.4333, 0.2333, 0.3333, 0.0000]) True
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    top = scores.topk(min(k, scores.shape[dim]), dim)
    p = sparsemax(top.values, dim)
    return torch.zeros_like(scores).scatter(dim, top.indices, p)


def is_exact(probs: Tensor, k: int, dim: int = -1) -> Tensor:
    """Whether `top_k_sparsemax` is certain to be sparsemax of all scores.

    It is where the support has fewer than k elements, or k is at least K. With k elements it may
    still be: then the scores that were not looked at decide.

    Args:
        probs: What `top_k_sparsemax` returned, `[..., K, ...]`.
        k: What it was called with.
        dim: The axis of the K categories.

    Returns:
        Booleans, of the shape of probs without `dim`.

    Example:
        >>> is_exact(top_k_sparsemax(torch.tensor([[2.0, 0.0, 0.0], [0.2, 0.1, 0.0]]), k=2), k=2)
        tensor([ True, False])
    """
    return (probs > 0).sum(dim).clamp(max=probs.shape[dim] - 1) < k
