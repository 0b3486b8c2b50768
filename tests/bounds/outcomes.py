"""Expectations over all sequences of S samples, without Monte Carlo error.

Bounds do not ask in which order samples came. So the sequences are gathered into multisets, each
with its multinomial probability, and S may be 64 where Kˢ sequences could not be listed.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable

import torch
from torch import Tensor


@functools.cache
def counted(K: int, S: int) -> tuple[list, list]:
    """The multisets as sorted sequences, and log S! / ∏ nₖ! of each."""
    sequences = list(itertools.combinations_with_replacement(range(K), S))
    ways = [
        math.lgamma(S + 1) - sum(math.lgamma(s.count(k) + 1) for k in range(K)) for s in sequences
    ]
    return sequences, ways


def multisets(log_mass: Tensor, S: int) -> tuple[Tensor, Tensor]:
    """Which value each sample has `[S, M]`, and the probability `[M]`, given log q `[K]`."""
    sequences, ways = counted(len(log_mass), S)
    index = torch.tensor(sequences).T
    mass = (log_mass.detach().double()[index].sum(0) + torch.tensor(ways, dtype=torch.double)).exp()
    return index, mass.to(log_mass)


def expected(bound: Callable[[Tensor], Tensor], log_w: Tensor, log_q: Tensor, S: int) -> Tensor:
    """E[bound(log w of S samples)] per datapoint `[B]`, for log w and log q at K values `[K, B]`.

    Each multiset is given to `bound` as a datapoint of its own.
    """
    results = []
    for b in range(log_w.shape[1]):
        index, mass = multisets(log_q[:, b], S)
        results.append((mass * bound(log_w[:, b][index])).sum())
    return torch.stack(results)
