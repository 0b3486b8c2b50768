"""Expectation maximisation for HMMs that emit symbols (Baum-Welch)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.structured.backprop import Counts
from vilib.structured.hmm import HMM
from vilib.structured.marginals import expected_counts

__all__ = ["SymbolHMM", "em_step"]


class SymbolHMM(NamedTuple):
    """An HMM whose states emit one of V symbols.

    Attributes:
        log_initial: `[K]`, nats.
        log_transition: From row to column, `[K, K]`.
        log_symbol: log p(x_t = v | z_t = k), `[K, V]`.

    Example: two fair states that emit 0 or 1 alike; what is seen has probability 1/8.
        >>> from vilib.structured import forward
        >>> half = torch.full((2, 2), 0.5).log()
        >>> forward(SymbolHMM(half[0], half, half).observe(torch.tensor([[0, 1, 1]]))).exp()
        tensor([0.1250])
    """

    log_initial: Tensor
    log_transition: Tensor
    log_symbol: Tensor

    def observe(self, symbols: Tensor, lengths: Tensor | None = None) -> HMM:
        """The HMM of observed symbols `[B, T]`, integers."""
        return HMM(self.log_initial, self.log_transition, self.log_symbol.T[symbols], lengths)


def em_step(model: SymbolHMM, symbols: Tensor, lengths: Tensor | None = None) -> SymbolHMM:
    """One step of EM: count what the posterior expects, then divide the counts by their sums.

    E: q(z) = p(z | x), of which expected counts n are all that is needed.
    M: p(j | i) = n(i → j) / ∑ⱼ n(i → j), and likewise for the start and the symbols.

    The likelihood never falls. The direction is that of the gradient: in logits η with
    p(· | i) = softmax(ηᵢ), ∂ log p(x) / ∂ηᵢⱼ = (∑ⱼ n(i → j)) · (p_EM(j | i) - p(j | i)).

    Args:
        model: Where to step from; zeros stay zeros.
        symbols: `[B, T]`, integers from 0 to V-1.
        lengths: `[B]`, or None.

    Returns:
        The next model. A state that is never expected keeps its row.

    Source: L. E. Baum, T. Petrie, G. Soules and N. Weiss, 1970, A Maximization Technique Occurring
        in the Statistical Analysis of Probabilistic Functions of Markov Chains,
        https://doi.org/10.1214/aoms/1177697196

    Example: two states that begin nearly alike learn to alternate, as the symbols do.
        >>> from vilib.structured import forward
        >>> half, uneven = torch.full((2, 2), 0.5), torch.tensor([[0.6, 0.4], [0.4, 0.6]])
        >>> model = SymbolHMM(half[0].log(), half.log(), uneven.log())
        >>> symbols = torch.tensor([[0, 1, 0, 1, 0, 1]])
        >>> for _ in range(50):
        ...     model = em_step(model, symbols)
        >>> forward(model.observe(symbols)).exp()
        tensor([1.0000])
    """
    with torch.no_grad():
        counts = expected_counts(model.observe(symbols, lengths))
        return SymbolHMM(
            shares(counts.initial.sum(0), model.log_initial),
            shares(counts.transition.sum(0), model.log_transition),
            shares(symbol_counts(counts, symbols, model.log_symbol), model.log_symbol),
        )


def symbol_counts(counts: Counts, symbols: Tensor, like: Tensor) -> Tensor:
    """How often each state is expected to have emitted each symbol, `[K, V]`."""
    K, V = like.shape
    # padding has no mass, whatever symbol stands there
    return like.new_zeros(V, K).index_add(0, symbols.flatten(), counts.emission.reshape(-1, K)).T


def shares(counts: Tensor, before: Tensor) -> Tensor:
    """Log of each row of counts divided by its sum; the row it was before if there are none."""
    total = counts.sum(-1, keepdim=True)
    return torch.where(total > 0, (counts / total).log(), before)
