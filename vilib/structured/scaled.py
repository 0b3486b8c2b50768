"""Forward and backward as products of probabilities, renormalised every 8 steps.

With the factors π, A and wₜ of `factors`, time first,

    predₜ = αₜ₋₁ A,   αₜ = predₜ ∘ wₜ,   pred₁ = π,   and before steps 8, 16, …   α := α / ∑ α;
    uₜ = wₜ ∘ βₜ,   βₜ₋₁ = uₜ Aᵀ,   β_T = 1 / ∑ α_T,   divided by α's own divisors, so that

    p(zₜ | x) = predₜ ∘ uₜ   and   p(zₜ = i, zₜ₊₁ = j | x) = αₜ(i) A(i, j) uₜ₊₁(j)

without another normalisation. As predₜ(j) uₜ(j) ≤ 1, u cannot overflow where pred is above the
floor of `guard`. A step is two small operations, which are cheapest in inference mode: callers
enter it, and copy what leaves it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.structured.factors import Factors
from vilib.structured.guard import lost_rows
from vilib.structured.hmm import HMM

__all__ = ["EVERY", "Filtered", "filtered", "log_mass", "smoothed"]

EVERY = 8


class Filtered(NamedTuple):
    """What the forward sweep leaves; shapes as in `Factors`.

    Attributes:
        predicted: pred₂, …, pred_T, `[T-1, B, K]` or `[T-1, B, 1, K]`; 1 on padding.
        divisors: ∑ α before steps 8, 16, …, each `[B, 1]` or `[B, 1, 1]`.
        mass: ∑ α at each sequence's end, `[B, 1]` or `[B, 1, 1]`; 0 where it was lost.
        lost: Sequences that underflow spoilt, bool `[B]`, or None if there are none.
    """

    predicted: Tensor
    divisors: list[Tensor]
    mass: Tensor
    lost: Tensor | None


def filtered(parts: Factors, hmm: HMM) -> Filtered:
    """The forward sweep, and the guard's verdict.

    Args:
        parts: The factors; emissions of unreachable states are set to 0, as β may be of any size
            there.
        hmm: The cleaned HMM whose factors they are.
    """
    B, T, K = hmm.log_emission.shape
    w = parts.emission
    predicted = torch.empty_like(w[:-1])
    divisors = forward_sweep(parts, predicted.unbind(0))
    before = at_ends(predicted, hmm, parts.initial)
    mass = (before * at_ends(w, hmm)).sum(-1, keepdim=True)
    flat = predicted.view(T - 1, B, K)
    if hmm.lengths is not None:
        flat.masked_fill_(~hmm.mask.T[1:, :, None], 1.0)
    lost, allowed = lost_rows(hmm, flat, mass.view(B))
    if lost is not None:
        mass.masked_fill_(lost.view_as(mass), 0.0)
        w[1:].mul_(allowed.view_as(w[1:]))
    return Filtered(predicted, divisors, mass, lost)


def forward_sweep(parts: Factors, slots: tuple[Tensor, ...]) -> list[Tensor]:
    """Write pred₂, …, pred_T into the slots; the divisors."""
    divisors, tiny = [], torch.finfo(parts.emission.dtype).tiny
    w, steps = parts.emission_at, parts.steps
    product = torch.mm if parts.emission.dim() == 3 else torch.bmm
    alpha = parts.initial * w[0]
    for t in range(1, len(w)):
        if t % EVERY == 0:
            divisors.append(alpha.sum(-1, keepdim=True).clamp_(min=tiny))
            alpha.div_(divisors[-1])
        product(alpha, steps[t - 1], out=slots[t - 1])
        torch.mul(slots[t - 1], w[t], out=alpha)
    return divisors


def smoothed(parts: Factors, kept: Filtered, hmm: HMM, *, overwrite: bool = False) -> Tensor:
    """The backward sweep.

    Args:
        parts: The factors that were filtered.
        kept: From `filtered`.
        hmm: The cleaned HMM.
        overwrite: Let u take the place of the emissions.

    Returns:
        u, shaped as the emissions; 0 on padding and for lost or impossible sequences.
    """
    w, steps = parts.emission_at, transposed(parts.steps)
    u = parts.emission if overwrite else torch.empty_like(parts.emission)
    slots = w if overwrite else u.unbind(0)
    product = torch.mm if u.dim() == 3 else torch.bmm
    ends = hmm.ends.view_as(kept.mass)
    ending = {len(w) - 1} if hmm.lengths is None else set(hmm.ends.tolist())
    start = torch.where(kept.mass > 0, 1 / kept.mass, 0.0)
    beta = torch.zeros_like(w[0])
    for t in range(len(w) - 1, -1, -1):
        if t in ending:
            beta = torch.where(ends == t, start, beta)
        torch.mul(w[t], beta, out=slots[t])
        if t:
            product(slots[t], steps[t - 1], out=beta)
            if t % EVERY == 0:
                beta.div_(kept.divisors[t // EVERY - 1])
    return u


def transposed(steps: list[Tensor]) -> list[Tensor]:
    """Aᵀ of each step; a matrix that all steps share is turned once, and laid out for products."""
    if steps and steps[0].dim() == 2:
        return [steps[0].T.contiguous()] * len(steps)
    return [A.mT for A in steps]


def log_mass(parts: Factors, kept: Filtered, hmm: HMM) -> Tensor:
    """log p(x), `[B]`: the logarithm of the last mass and of all that was divided by."""
    B = len(parts.log_divisor)
    logs = torch.stack([*kept.divisors, kept.mass]).view(-1, B).log_()
    if hmm.lengths is not None:
        when = EVERY * torch.arange(1, len(logs), device=logs.device)
        logs[:-1].masked_fill_(when[:, None] > hmm.ends, 0.0)
    return logs.sum(0).add_(parts.log_divisor)


def at_ends(x: Tensor, hmm: HMM, first: Tensor | None = None) -> Tensor:
    """x, or `first` followed by x, at each sequence's last position."""
    if first is not None and (hmm.lengths is not None or not len(x)):
        x = torch.cat([first.expand(1, *x.shape[1:]), x])
    if hmm.lengths is None:
        return x[-1]
    return x[hmm.ends, torch.arange(x.shape[1], device=x.device)]
