"""Long rows of scores, cut down to the few that can have mass."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["among_candidates"]

# in shorter rows, to look for the few costs more than to work with all
SHORT = 128


def among_candidates(
    scores: Tensor, dim: int, reach: float, project: Callable[[Tensor, int], Tensor]
) -> Tensor:
    """project(scores, dim), at the price of the candidates: the scores near the largest.

    Args:
        scores: `[..., K, ...]`.
        dim: The axis of the K categories.
        reach: Scores that are more than this below the largest of their row get no mass.
        project: Maps scores and an axis to probabilities; -∞ must get 0 and change nothing else.

    Returns:
        Probabilities of the shape of scores.

    Example: of a thousand scores, `project` sees three.
        >>> s = torch.arange(1000.0) / 3
        >>> p = among_candidates(s, 0, 1.0, lambda s, dim: print(s) or s.softmax(dim))
        tensor([[332.0000, 332.3333, 332.6667, 333.0000]])
    """
    if scores.shape[dim] <= SHORT or scores.numel() == 0:
        return project(scores, dim)
    s = scores.movedim(dim, -1)
    p = long_rows(s.reshape(-1, s.shape[-1]), reach, lambda s: project(s, -1))
    return p.view(s.shape).movedim(-1, dim)


def long_rows(s: Tensor, reach: float, project: Callable[[Tensor], Tensor]) -> Tensor:
    """The same for rows `[B, K]`."""
    B, K = s.shape
    near = s >= s.detach().amax(-1, keepdim=True) - reach
    row, column = near.nonzero(as_tuple=True)
    count = row.bincount(minlength=B)
    width = int(count.max())
    # a row with a NaN has no candidates: project shall see, and refuse, all of it
    if 2 * width > K or not count.all():
        return project(s)
    # the candidates of each row, moved to the front of a shorter row
    first = count.cumsum(0) - count
    place = torch.arange(len(row), device=s.device) - first[row]
    at, seat = row * K + column, row * width + place
    candidates = s.new_full((B, width), -torch.inf).put_(seat, s.take(at))
    return torch.zeros_like(s).put_(at, project(candidates).take(seat))
