"""Which sequences lost mass to underflow, and how they are rescued.

A sum of positive products has no cancellation. Its only danger is a product below the smallest
normal number, `tiny`; as no factor exceeds 1, a sum of K products loses at most 3 K tiny that way.
So if each predicted mass predₜ(j) is either zero by the model's structure or at least

    floor = 4 K tiny / ε,

no sum has lost more than its own rounding error ε, and the same holds on the way back (`scaled`).
A zero by structure is a state that no allowed path leads to. Looking for zero mass alone would not
do: a path that was dropped early can be the only good one in the end.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.structured.hmm import HMM

__all__ = ["careful", "lost_rows", "reachable", "trusted"]


def lost_rows(hmm: HMM, predicted: Tensor, mass: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """The sequences whose sums cannot be trusted.

    Args:
        hmm: A cleaned HMM.
        predicted: pred₂, …, pred_T as they were computed, `[T-1, B, K]`; 1 on padding.
        mass: ∑ α at each sequence's end, `[B]`.

    Returns:
        Which sequences are lost, bool `[B]`, and which predictions the structure allows, bool
        `[T-1, B, K]`. None and None where all is above the floor.
    """
    floor = trusted(mass.dtype, hmm.log_emission.shape[-1])
    lowest = predicted.amin().item() if len(predicted) else floor
    if lowest >= floor and mass.amin().item() >= floor:
        return None, None
    allowed, possible = reachable(hmm)
    # "not at least" rather than "below": NaN is lost, too
    lost = (allowed & ~(predicted >= floor)).any(-1).any(0)
    return lost | (possible & ~(mass >= floor)), allowed


def trusted(dtype: torch.dtype, K: int) -> float:
    """The least sum of K products that underflow cannot have spoilt."""
    number = torch.finfo(dtype)
    return 4 * K * number.tiny / number.eps


def reachable(hmm: HMM) -> tuple[Tensor, Tensor]:
    """What the -inf of the model leave possible.

    Returns:
        Whether some allowed path leads to state j at position 2, …, T, bool `[T-1, B, K]`, and
        whether the sequence as a whole is possible, bool `[B]`.
    """
    B, T, K = hmm.log_emission.shape
    seen, steps = hmm.log_emission != -torch.inf, (hmm.steps != -torch.inf).float()
    steps = steps.expand(-1, T - 1, K, K)
    alive = (hmm.log_initial != -torch.inf) & seen[:, 0]
    allowed, possible = [], alive.any(-1)
    for t in range(1, T):
        into = (alive.float()[:, None] @ steps[:, t - 1])[:, 0] > 0
        alive = into & seen[:, t]
        allowed.append(into)
        possible = torch.where(t <= hmm.ends, alive.any(-1), possible)
    return torch.stack(allowed) if allowed else seen.new_empty(0, B, K), possible


def careful(
    quick: Callable[[HMM], tuple[tuple[Tensor, ...], Tensor | None]],
    in_logs: Callable[[HMM], tuple[Tensor, ...]],
    hmm: HMM,
) -> tuple[Tensor, ...]:
    """Compute quickly; redo what was lost in double precision, and what still is in logarithms.

    Args:
        quick: The values, each `[B, ...]`, and the lost sequences, bool `[B]` or None.
        in_logs: The same values, slowly and without a loss.
        hmm: All sequences.
    """
    values, lost = quick(hmm)
    if lost is None or not lost.any():
        return values
    # made in inference mode, and from here on autograd may look
    lost = lost.clone()
    rest = hmm.rows(lost)
    if values[0].dtype == torch.double:
        better = in_logs(rest)
    else:
        better = careful(quick, in_logs, rest.to(torch.double))
    rows = lost.nonzero()[:, 0]
    return tuple(v.index_copy(0, rows, b.to(v.dtype)) for v, b in zip(values, better))
