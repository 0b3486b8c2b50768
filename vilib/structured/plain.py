"""Both sweeps by the fewest operations, for plain probabilities from which nothing is lost.

The recursions are those of `scaled`, but no step makes room for zeros: these functions return None
where one transition matrix does not serve all, where a sum is above 1, or where a mass falls below
the floor of `guard`, zero and NaN included; then `scaled` looks more closely.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.structured.factors import emission_factors
from vilib.structured.guard import trusted
from vilib.structured.hmm import HMM
from vilib.structured.scaled import EVERY, at_ends

__all__ = ["log_evidence", "state_posterior"]


def log_evidence(hmm: HMM) -> Tensor | None:
    """log p(x), `[B]`, or None.

    αₜ = (αₜ₋₁ A) ∘ wₜ takes the place of wₜ. As wₜ ≤ 1, it is above the floor only if predₜ is.

    Args:
        hmm: A cleaned HMM.
    """
    with torch.inference_mode():
        tables = probabilities(hmm)
        if tables is None:
            return None
        w, tops = emission_factors(hmm.log_emission)
        sums = forward_in_place(*tables, w)
        mass = at_ends(w, hmm).sum(-1, keepdim=True)
        if hmm.lengths is not None:
            mask, lengths = hmm.mask, hmm.lengths[:, None]
            w.masked_fill_(~mask.T[..., None], 1.0)
            tops.masked_fill_(~mask, 0.0)
            # the last α of a sequence of length 8 was divided already
            sums = [c.masked_fill_(EVERY * i > lengths, 1.0) for i, c in enumerate(sums, 1)]
        if not w.amin().item() >= trusted(w.dtype, w.shape[-1]):
            return None
        log_Z = torch.cat([*sums, mass], 1).log_().sum(1).add_(tops.sum(1))
    return log_Z.clone()


def forward_in_place(initial: Tensor, A: Tensor, w: Tensor) -> list[Tensor]:
    """Replace w by α; what α was divided by before steps 8, 16, …, each `[B, 1]`."""
    sums = []
    emission = w.unbind(0)
    alpha = emission[0].mul_(initial)
    predicted = torch.empty_like(alpha)
    for t in range(1, len(emission)):
        if t % EVERY == 0:
            sums.append(alpha.sum(-1, keepdim=True))
            alpha.div_(sums[-1])
        alpha = emission[t].mul_(torch.mm(alpha, A, out=predicted))
    return sums


def state_posterior(hmm: HMM) -> Tensor | None:
    """p(zₜ = k | x), `[B, T, K]`, or None, also where lengths differ.

    Forward keeps predₜ; backward lets uₜ = wₜ ∘ βₜ take the place of wₜ; predₜ ∘ uₜ is the answer.

    Args:
        hmm: A cleaned HMM.
    """
    with torch.inference_mode():
        tables = None if hmm.lengths is not None else probabilities(hmm)
        if tables is None:
            return None
        initial, A = tables
        w, _ = emission_factors(hmm.log_emission)
        emission, predicted = w.unbind(0), torch.empty_like(w)
        predicted[0] = initial
        sums, mass = forward_keeping(A, emission, predicted.unbind(0))
        if not min(predicted.amin().item(), mass.amin().item()) >= trusted(w.dtype, w.shape[-1]):
            return None
        beta, turned = (1 / mass).expand_as(w[0]).contiguous(), A.T.contiguous()
        for t in range(len(w) - 1, 0, -1):
            torch.mm(emission[t].mul_(beta), turned, out=beta)
            if t % EVERY == 0:
                beta.div_(sums[t // EVERY - 1])
        emission[0].mul_(beta)
        return w.mul_(predicted).transpose(0, 1)


def forward_keeping(
    A: Tensor, emission: tuple[Tensor, ...], predicted: tuple[Tensor, ...]
) -> tuple[list[Tensor], Tensor]:
    """Fill in pred₂, …, pred_T; the divisors, and the last sum of α."""
    sums, alpha = [], predicted[0] * emission[0]
    for t in range(1, len(emission)):
        if t % EVERY == 0:
            sums.append(alpha.sum(-1, keepdim=True))
            alpha.div_(sums[-1])
        torch.mul(torch.mm(alpha, A, out=predicted[t]), emission[t], out=alpha)
    return sums, alpha.sum(-1, keepdim=True)


def probabilities(hmm: HMM) -> tuple[Tensor, Tensor] | None:
    """Start and transition matrix, if there is one matrix and no sum is above 1."""
    if hmm.log_transition.dim() > 2:
        return None
    initial, A = hmm.log_initial.exp(), hmm.log_transition.exp()
    sums = A.sum(-1).amax().item(), initial.sum(-1).amax().item()
    # rounding alone puts sums a little above 1
    return (initial, A) if all(s < 1.001 for s in sums) else None
