"""An HMM's scores as factors of at most 1, ready for products."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.structured.hmm import HMM

__all__ = ["Factors", "factors"]


class Factors(NamedTuple):
    """exp of an HMM's scores, divided such that no mass can exceed 1; time comes first.

    Attributes:
        initial: Sums to 1, `[B, K]`, or `[B, 1, K]` where matrices differ between sequences.
        steps: T-1 matrices without a row sum above 1, `[K, K]` or `[B, K, K]`.
        emission: Greatest value 1 at each position, `[T, B, K]` or `[T, B, 1, K]`.
        emission_at: Views of it, one per position.
        log_divisor: Logarithm of all that was divided by, `[B]`.
    """

    initial: Tensor
    steps: list[Tensor]
    emission: Tensor
    emission_at: tuple[Tensor, ...]
    log_divisor: Tensor


def factors(hmm: HMM) -> Factors:
    """The factors of a cleaned HMM; the exponentials of all positions are taken at once.

    Example: a matrix with row sums 2 is divided by 2, the other divisors are 1.
        >>> from vilib.structured import HMM
        >>> half = torch.tensor([0.5, 0.5]).log()
        >>> parts = factors(HMM(half, torch.zeros(2, 2), torch.zeros(1, 2, 2)))
        >>> parts.steps[0], parts.log_divisor.exp()
        (tensor([[0.5000, 0.5000],
                [0.5000, 0.5000]]), tensor([2.]))
    """
    B, T, K = hmm.log_emission.shape
    w, tops = emission_factors(hmm.log_emission)
    initial, start = start_factors(hmm.log_initial)
    A, widest = step_factors(hmm.log_transition)
    tops[:, 1:].add_(widest)
    if hmm.lengths is not None:
        tops.masked_fill_(~hmm.mask, 0.0)
    log_divisor = tops.sum(1).add_(start)
    if A.dim() == 2:
        steps = [A] * (T - 1)
    else:
        A = A if A.dim() == 4 else A[:, None]
        steps = list(A.expand(B, T - 1, K, K).unbind(1))
        # a product per sequence wants a row [1, K]
        initial, w = initial.expand(B, K)[:, None], w[:, :, None]
    return Factors(initial, steps, w, w.unbind(0), log_divisor)


def emission_factors(log_emission: Tensor) -> tuple[Tensor, Tensor]:
    """w `[T, B, K]` with greatest value 1 at each position, and the logarithm of it `[B, T]`."""
    B, T, K = log_emission.shape
    top = log_emission.amax(-1, keepdim=True).clamp_(min=least(log_emission))
    with torch.inference_mode(False):
        # marginals are written into it, and leave inference mode
        w = torch.empty(T, B, K, dtype=top.dtype, device=top.device)
    torch.sub(log_emission.transpose(0, 1), top.transpose(0, 1), out=w)
    return w.exp_(), top.squeeze(-1)


def start_factors(log_initial: Tensor) -> tuple[Tensor, Tensor]:
    """The start divided by its sum, and the logarithm of that, `[]` or `[B]`."""
    total = log_initial.logsumexp(-1).clamp_(min=least(log_initial))
    return (log_initial - total[..., None]).exp_(), total


def step_factors(log_transition: Tensor) -> tuple[Tensor, Tensor]:
    """Each matrix by its greatest row sum, and the logarithm of that, `[]` or `[B, 1 or T-1]`."""
    widest = log_transition.logsumexp(-1).amax(-1).clamp_(min=least(log_transition))
    A = (log_transition - widest[..., None, None]).exp_()
    return A, widest[:, None] if A.dim() == 3 else widest


def least(x: Tensor) -> float:
    """The least finite number: -inf minus -inf is NaN, -inf minus this stays -inf."""
    return torch.finfo(x.dtype).min
