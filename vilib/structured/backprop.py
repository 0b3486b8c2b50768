"""Forward-backward is just backprop: what the gradient of log p(x) is."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.structured.forward_log import forward_log
from vilib.structured.hmm import HMM

__all__ = ["Counts", "counts_by_backprop", "watched"]


class Counts(NamedTuple):
    """How often the posterior expects each state and each step.

    Attributes:
        initial: p(z₁ = k | x), `[B, K]`.
        transition: ∑ₜ p(zₜ = i, zₜ₊₁ = j | x), `[B, K, K]`, or one term per step,
            `[B, T-1, K, K]`.
        emission: p(zₜ = k | x), `[B, T, K]`; 0 on padding.

    Example: uniform scores, two states, three positions: two steps, spread over four pairs.
        >>> from vilib.structured import HMM, expected_counts
        >>> hmm = HMM(torch.zeros(2), torch.zeros(2, 2), torch.zeros(1, 3, 2))
        >>> expected_counts(hmm).transition
        tensor([[[0.5000, 0.5000],
                 [0.5000, 0.5000]]])
    """

    initial: Tensor
    transition: Tensor
    emission: Tensor


def counts_by_backprop(hmm: HMM, *, per_step: bool = False) -> Counts:
    """Posterior marginals without a backward algorithm: autograd already is one.

    log p(x) = log ∑_z exp s(z), where s(z) adds up the scores that z uses. So the derivative in a
    score is the posterior expectation of how often it is used:

        ∂ log p(x) / ∂ log_emissionₜ(k) = p(zₜ = k | x),

    and likewise for the start and the steps. The reference for `marginals` and `expected_counts`;
    and, as it can be differentiated again, what these use where a gradient is wanted.

    Args:
        hmm: The model with its observations.
        per_step: Keep the steps of a sequence apart.

    Returns:
        The counts; zeros for an impossible sequence.

    Source: J. Eisner, 2016, Inside-Outside and Forward-Backward Algorithms Are Just Backprop,
        https://doi.org/10.18653/v1/W16-5901

    Example: two fair states; state 0 explains the observation better, 8 to 3.
        >>> from vilib.structured import HMM
        >>> half = torch.full((2, 2), 0.5).log()
        >>> hmm = HMM(half[0], half, torch.tensor([[[0.8, 0.3]]]).log())
        >>> counts_by_backprop(hmm).emission
        tensor([[[0.7273, 0.2727]]])
    """
    B, T, K = hmm.log_emission.shape
    differs = per_step or hmm.log_transition.dim() == 4
    shapes = (B, K), (B, T - 1 if differs else 1, K, K), (B, T, K)
    again = watched(hmm)
    with torch.enable_grad():
        tables = (hmm.log_initial, hmm.steps, hmm.log_emission)
        leaves = [separate(x, shape) for x, shape in zip(tables, shapes)]
        # one matrix for all steps is used T-1 times and collects the sum
        steps = leaves[1] if differs else leaves[1][:, 0]
        log_Z = forward_log(HMM(leaves[0], steps, leaves[2], hmm.lengths))
        initial, transition, emission = torch.autograd.grad(
            log_Z.sum(), leaves, create_graph=again, materialize_grads=True
        )
    return Counts(initial, transition if per_step else transition.sum(1), emission)


def separate(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """x in full shape, as something whose gradient can be asked for."""
    x = x.expand(shape)
    return x if x.requires_grad else x.detach().requires_grad_()


def watched(hmm: HMM) -> bool:
    """Whether autograd records what is done with the scores."""
    return torch.is_grad_enabled() and any(p.requires_grad for p in hmm.potentials)
