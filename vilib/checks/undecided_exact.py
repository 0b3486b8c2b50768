"""How many soft bits are undecided, and what becomes of them when τ goes to 0 or to ∞."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import expect_no_own_draws, in_float32
from vilib.distributions import BinaryConcrete

__all__ = ["undecided_is_exact"]

Undecided = Callable[[Tensor, float, float], Tensor]


@careful
def undecided_is_exact(undecided: Undecided, *, seed: int, margin: float = 0.1) -> None:
    """P(margin < s < 1 − margin) of a soft bit equals the integral of its density.

    Args:
        undecided: Maps logits `[B]`, τ and the margin to probabilities `[B]`.
        seed: Draws logits and temperatures.
        margin: In (0, ½).

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> def undecided(logits, temperature, margin):
        ...     edge = temperature * torch.tensor(1 / margin - 1).log()
        ...     return torch.sigmoid(edge - logits) - torch.sigmoid(-edge - logits)
        >>> undecided_is_exact(undecided, seed=1)
        ✓ P(0.1 < s < 0.9) at three temperatures, by quadrature
        ✓ none is undecided for τ → 0, all are for τ → ∞
    """
    generator = torch.Generator().manual_seed(seed)
    logits = 1.2 * torch.randn(4, generator=generator).double() - 0.6
    for temperature in (0.4, 1.0, 2.5):
        t = temperature * (1 + 0.2 * torch.rand((), generator=generator).item())
        # in float32: an edge that was made a tensor has no more digits
        truth = by_quadrature(logits, t, margin).float()
        what, known = f"P({margin} < s < {1 - margin:g})", in_float32(mistakes(logits, t, margin))
        expect_no_own_draws(what, undecided, (logits, t, margin), truth, known)
    passed(f"P({margin} < s < {1 - margin:g}) at three temperatures, by quadrature")
    for name, t, limit in (("0", 1e-9, 0.0), ("∞", 1e9, 1.0)):
        what = f"the limit for τ → {name}"
        value = as_value(what, undecided(logits, t, margin), logits)
        if value.shape != logits.shape or not bool(((value - limit).abs() < 1e-6).all()):
            raise Mistake(what, "it is not reached", yours=value, expected=limit)
    passed("none is undecided for τ → 0, all are for τ → ∞")


def by_quadrature(logits: Tensor, temperature: float, margin: float) -> Tensor:
    """The density of the soft bit, integrated from margin to 1 − margin, `[B]`."""
    s, log_weights = between(margin)
    q = BinaryConcrete(torch.tensor(temperature, dtype=torch.double), logits=logits)
    return (q.log_prob(s[:, None]) + log_weights[:, None]).exp().sum(0)


@cache
def between(margin: float) -> exact.Points:
    """The nodes from margin to 1 − margin: finding them takes longer than all the rest."""
    return exact.quadrature(margin, 1 - margin, num=160)


def mistakes(logits: Tensor, t: float, margin: float) -> dict[str, Tensor]:
    """What each known mistake gives."""
    m = torch.tensor(margin, dtype=torch.double)
    edge = torch.logit(1 - m)
    low, high = -t * edge - logits, t * edge - logits

    def share(low: Tensor, high: Tensor) -> Tensor:
        return torch.sigmoid(high) - torch.sigmoid(low)

    return {
        "the temperature is inverted: s > c means a + ε > τ logit c": (
            share(-edge / t - logits, edge / t - logits)
        ),
        "the temperature is missing": share(-edge - logits, edge - logits),
        "the temperature also multiplies the logit a": (
            share(t * (-edge - logits), t * (edge - logits))
        ),
        "the logit a is missing": share(-t * edge, t * edge).expand_as(logits),
        "only the upper edge is used; subtract what lies below the margin": torch.sigmoid(high),
        "only the lower edge is used; that is the share below the margin": torch.sigmoid(low),
        "it is the share of decided bits; the undecided ones are asked for": 1 - share(low, high),
        "the margin itself is used; the edge is its logit": (
            share(t * m - logits, t * (1 - m) - logits)
        ),
        "the edges are exchanged, so that it is negative": share(high, low),
        "the noise is taken for Gaussian; it is logistic": (
            torch.special.ndtr(high) - torch.special.ndtr(low)
        ),
        "the two shares are added; subtract what lies below the margin": (
            torch.sigmoid(high) + torch.sigmoid(low)
        ),
        "the edge is the logarithm of 1/m; it is the logit of 1 − m": (
            share(t * m.log() - logits, -t * m.log() - logits)
        ),
        "τ divides the logit a; solving for ε, it multiplies the edge": (
            share(-edge - logits / t, edge - logits / t)
        ),
        "it takes both sides to be alike, which is so at logit 0 only": 1 - 2 * torch.sigmoid(low),
        "the sigmoid is missing: P(ε < t) = σ(t)": 2 * t * edge.expand_as(logits),
        "only one side is counted": share(-logits, high),
    }
