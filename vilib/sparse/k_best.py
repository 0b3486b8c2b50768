"""The k best configurations of D independent choices, and what the search for them left behind."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["KBest", "k_best"]


class KBest(NamedTuple):
    """What `k_best` found, best first.

    Attributes:
        digits: The choices made, `[*batch, n, D]`, integers; n = min(k, Kᴰ).
        scores: Their sums of scores, `[*batch, n]`.
        dropped: For each variable, the scores of the prefixes that ended there,
            `[*batch, m, K]`: prefix m of the variables before, with value K. Kept ones have -∞.
            The prefixes dropped, each with all its continuations, are all that was not found.
        kept: For each variable, which of the `m·K` prefixes went on, `[*batch, ≤ k]`.

    Example:
        >>> found = k_best(torch.tensor([[0.0, 1.0], [0.0, -0.5]]), k=2)
        >>> found.digits.tolist(), found.scores.tolist()
        ([[1, 0], [1, 1]], [1.0, 0.5])
    """

    digits: Tensor
    scores: Tensor
    dropped: list[Tensor]
    kept: list[Tensor]


def k_best(scores: Tensor, k: int) -> KBest:
    """The k configurations with the greatest sums ∑ᵢ scores[i, zᵢ], by dynamic programming.

    A prefix that is not among the k best of its length cannot begin one of the k best: whatever
    follows, k others with the same ending are better. So the k best prefixes are extended by one
    variable, the k best of the results are kept, and so on; O(D k K) instead of O(Kᴰ).

    Args:
        scores: One score per variable and value, `[*batch, D, K]`; -∞ is allowed. No gradient.
        k: How many; all Kᴰ are returned where there are fewer.

    Raises:
        ValueError: k < 1.

    Source: L. Huang and D. Chiang, 2005, Better k-best Parsing, https://aclanthology.org/W05-1506,
        for trees; on a sequence of independent variables it is the k-best Viterbi algorithm.

    Example: three bits with scores 2, -1 and .5, as values 1; values 0 have score 0.
        >>> bits = torch.tensor([2.0, -1.0, 0.5])
        >>> k_best(torch.stack([0 * bits, bits], -1), k=3).digits.tolist()
        [[1, 0, 1], [1, 0, 0], [1, 1, 1]]
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    scores = scores.detach()
    *batch, D, K = scores.shape
    best = scores.new_zeros(*batch, 1)  # the empty prefix
    dropped, kept = [], []
    for i in range(D):
        extended = best[..., :, None] + scores[..., i, None, :]  # [*batch, m, K]
        flat = extended.flatten(-2)
        best, on = flat.topk(min(k, flat.shape[-1]))
        dropped.append(flat.scatter(-1, on, -math.inf).unflatten(-1, extended.shape[-2:]))
        kept.append(on)
    digits = backtrack(kept, K, torch.full_like(kept[-1], D - 1), kept[-1])
    return KBest(digits, best, dropped, kept)


def backtrack(kept: list[Tensor], K: int, last: Tensor, prefix: Tensor) -> Tensor:
    """The choices of prefixes, read from their last variable to the first.

    Args:
        kept: Of `KBest`.
        K: Values per variable.
        last: The last variable of each prefix, `[*batch, n]`.
        prefix: Which of the m·K prefixes that end there, `[*batch, n]`.

    Returns:
        Digits `[*batch, n, D]`; 0 after the last variable.
    """
    digits = []
    for i in reversed(range(len(kept))):
        inside = last >= i
        digits.append(torch.where(inside, prefix % K, 0))
        if i:
            before = kept[i - 1].gather(-1, torch.where(inside, prefix // K, 0))
            prefix = torch.where(inside, before, prefix)
    return torch.stack(digits[::-1], -1)
