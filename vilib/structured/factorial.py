"""Factorial HMMs: L chains that move independently and are seen together. Exact inference."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.exact.points import guard
from vilib.structured.factorial_emission import Emission
from vilib.structured.forward_log import logsumexp
from vilib.structured.hmm import HMM, fits

__all__ = ["FactorialHMM", "factorial_forward", "product_chain"]


@dataclass(frozen=True, eq=False)
class FactorialHMM:
    """L hidden chains, independent a priori, that emit together.

    log p(x, z) = ∑ₗ log p(zˡ) + ∑ₜ log p(xₜ | z¹ₜ, …, zᴸₜ),

    each chain with its own start and transitions, all with K states.

    Args:
        log_initial: `[L, K]`, nats.
        log_transition: From row to column, `[L, K, K]`.
        emission: `EmissionTable`, `AdditiveGaussian`, or another `Emission` of what was observed.
        lengths: Positions of each sequence, `[B]`; None: all are T long.

    Raises:
        ValueError: Shapes do not fit together.

    Source: Z. Ghahramani and M. I. Jordan, 1997, Factorial Hidden Markov Models,
        https://doi.org/10.1023/A:1007425814087

    Example: two fair chains of two states, three positions that tell nothing.
        >>> from vilib.structured import EmissionTable
        >>> half = torch.full((2, 2, 2), 0.5).log()
        >>> model = FactorialHMM(half[:, 0], half, EmissionTable(torch.zeros(1, 3, 2, 2)))
        >>> factorial_forward(model).exp()
        tensor([1.])
    """

    log_initial: Tensor
    log_transition: Tensor
    emission: Emission
    lengths: Tensor | None = None

    def __post_init__(self) -> None:
        B, T, L, K = self.emission.shape
        fits("log_initial", self.log_initial, [(L, K)])
        fits("log_transition", self.log_transition, [(L, K, K)])
        # an HMM knows how to check the lengths
        self.chain(0, self.log_initial.new_zeros(1).expand(B, T, K))

    def chain(self, index: int, log_emission: Tensor) -> HMM:
        """One chain by itself, with emissions `[B, T, K]` of its own."""
        start, steps = self.log_initial[index], self.log_transition[index]
        return HMM(start, steps, log_emission, self.lengths)


def product_chain(model: FactorialHMM) -> HMM:
    """The same as one HMM with Kᴸ states, the last chain's state changing fastest.

    Inference costs T K²ᴸ per sequence: the reference for what is quicker.

    Args:
        model: L chains.

    Returns:
        An HMM with transitions A¹ ⊗ … ⊗ Aᴸ.

    Raises:
        ValueError: The matrix would have more than 2**20 entries.

    Example:
        >>> from vilib.structured import EmissionTable
        >>> start, steps = torch.zeros(3, 2), torch.zeros(3, 2, 2)
        >>> model = FactorialHMM(start, steps, EmissionTable(torch.zeros(1, 4, 2, 2, 2)))
        >>> product_chain(model).log_transition.shape
        torch.Size([8, 8])
    """
    L, K = model.log_initial.shape
    guard(K ** (2 * L), f"the matrix of {L} chains with {K} states each")
    initial, A = model.log_initial[0], model.log_transition[0]
    for start, step in zip(model.log_initial[1:], model.log_transition[1:]):
        initial = (initial[:, None] + start).flatten()
        A = (A[:, None, :, None] + step[None, :, None, :]).reshape(len(initial), len(initial))
    return HMM(initial, A, model.emission.table().flatten(2), model.lengths)


def factorial_forward(model: FactorialHMM) -> Tensor:
    """log p(x) exactly, moving one chain after the other.

    As the chains move independently, a step of the product chain is L steps of one chain each:

        α(…, j, …) = log ∑ᵢ exp(α(…, i, …) + log_transitionˡ(i, j)),   l = 1, …, L.

    This costs T L Kᴸ⁺¹ per sequence instead of T K²ᴸ. In logarithms, so nothing underflows.

    Args:
        model: L chains.

    Returns:
        log p(x), `[B]`, nats, differentiable: the gradient in the table is the posterior over
        joint states. An impossible sequence has -inf, and the gradient 0.

    Source: Z. Ghahramani and M. I. Jordan, 1997, Factorial Hidden Markov Models,
        https://doi.org/10.1023/A:1007425814087 (appendix B)

    Example: the product chain gives the same.
        >>> from vilib.structured import EmissionTable, forward
        >>> _ = torch.manual_seed(1)
        >>> emission = EmissionTable(torch.randn(1, 6, 3, 3))
        >>> model = FactorialHMM(torch.randn(2, 3), torch.randn(2, 3, 3), emission)
        >>> bool((factorial_forward(model) - forward(product_chain(model))).abs() < 1e-4)
        True
    """
    L, e = len(model.log_initial), model.emission.table()
    one = model.chain(0, e.flatten(2)[..., : model.log_initial.shape[1]])
    if model.lengths is not None:
        e = torch.where(one.mask.view(*e.shape[:2], *[1] * L), e, 0.0)
    alpha = e[:, 0]
    for l, start in enumerate(model.log_initial):  # noqa: E741
        alpha = alpha + start.view(-1, *[1] * (L - 1 - l))
    messages = [alpha]
    for t in range(1, e.shape[1]):
        for l, A in enumerate(model.log_transition):  # noqa: E741
            alpha = move(alpha, A, 1 + l)
        alpha = alpha + e[:, t]
        messages.append(alpha)
    last = torch.stack(messages, 1)[torch.arange(len(e), device=e.device), one.ends]
    return logsumexp(last.flatten(1), 1)


def move(alpha: Tensor, log_transition: Tensor, axis: int) -> Tensor:
    """One chain takes its step: the sum over where it was, along its axis of α."""
    before = alpha.movedim(axis, -1)[..., None]  # [..., K, 1]
    return logsumexp(before + log_transition, -2).movedim(-1, axis)
