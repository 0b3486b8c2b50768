"""What the gap meter shows: a target, a Gaussian q, and the exact numbers between them.

Everything is one-dimensional and float64. log p(x) is integrated over the target's interval, the
expectations under q over nine standard deviations on either side of its mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, Protocol

import torch
from torch import Tensor
from torch.distributions import Normal

from vilib import exact

__all__ = ["Direction", "Gap", "State", "Target", "measure", "window"]

Direction = Literal["reverse", "forward"]

# beyond nine standard deviations a Gaussian holds 2e-19 of its mass
REACH = 9.0
# many short rules: the logarithm of a mixture bends sharply where one part takes over
PIECES, NODES = 60, 16


class Target(Protocol):
    """A joint density p(x, z) for one observation x and a scalar z, normalising constant included.

    Attributes:
        name: Shown in the menu.
        low: Left end of an interval that holds all but a negligible part of p(z|x).
        high: Its right end.
    """

    @property
    def name(self) -> str:
        """Shown in the menu."""

    @property
    def low(self) -> float:
        """Left end of the interval."""

    @property
    def high(self) -> float:
        """Right end of the interval."""

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x, z) in nats, `[N]` → `[N]`."""


@dataclass(frozen=True)
class State:
    """One position of the gap meter's controls.

    Attributes:
        target: The joint density.
        mean: Mean of q.
        scale: Standard deviation of q, positive.
        direction: Which KL the lower panel takes apart, and which one "fit" minimises.
    """

    target: Target
    mean: float = 0.0
    scale: float = 1.0
    direction: Direction = "reverse"

    def __post_init__(self) -> None:
        """Refuse what no slider can give."""
        if not self.scale > 0:
            raise ValueError(f"scale must be positive, got {self.scale}")
        if self.direction not in ("reverse", "forward"):
            raise ValueError(f"direction must be 'reverse' or 'forward', got {self.direction!r}")

    @property
    def posterior(self) -> Normal:
        """q(z) = N(z | mean, scale²), float64."""
        return Normal(*torch.tensor([self.mean, self.scale], dtype=torch.double))


@dataclass(frozen=True)
class Gap:
    """The exact numbers, in nats: log_evidence = elbo + reverse_kl.

    Attributes:
        log_evidence: log p(x); the same for every q.
        elbo: E_q[log p(x, z) - log q(z)].
        reverse_kl: KL(q‖p(z|x)), the gap.
        forward_kl: KL(p(z|x)‖q), which is no part of log p(x).
    """

    log_evidence: float
    elbo: float
    reverse_kl: float
    forward_kl: float

    def rounded(self, digits: int = 2) -> tuple[float, float, float]:
        """ELBO, KL and log p(x), rounded so that the first two add up to the third as written.

        KL and log p(x) are rounded to the nearest, the ELBO is their difference; it is less than
        one unit of the last digit from the exact one.

        Example:
            >>> Gap(-1.516, -1.6742, 0.1582, 0.2).rounded()
            (-1.68, 0.16, -1.52)
        """
        kl, evidence = round(self.reverse_kl, digits), round(self.log_evidence, digits)
        return round(evidence - kl, digits), kl, evidence


@lru_cache
def unit_rule() -> exact.Points:
    """Gauss-Legendre nodes on each of `PIECES` equal parts of [-1, 1], made once."""
    ends = torch.linspace(-1, 1, PIECES + 1, dtype=torch.double).tolist()
    rules = [exact.quadrature(low, high, NODES) for low, high in pairwise(ends)]
    return exact.Points(*(torch.cat(parts) for parts in zip(*rules)))


def interval(low: float, high: float) -> exact.Points:
    """The same rule on [low, high]."""
    nodes, log_weights = unit_rule()
    half = (high - low) / 2
    return exact.Points(low + half * (nodes + 1), log_weights + math.log(half))


def around(q: Normal) -> exact.Points:
    """The rule on nine standard deviations either side of q's mean."""
    mean, scale = q.mean.item(), q.stddev.item()
    return interval(mean - REACH * scale, mean + REACH * scale)


def log_evidence(target: Target) -> Tensor:
    """log p(x), `[]`."""
    return exact.log_evidence(target.log_joint, interval(target.low, target.high))


def window(target: Target) -> tuple[float, float]:
    """The part of the target's interval worth looking at.

    Where p(z|x) is at least 1/200 of its peak, and a third of that width on either side.
    """
    z = torch.linspace(target.low, target.high, 2001, dtype=torch.double)
    log_p = target.log_joint(z)
    seen = z[log_p >= log_p.max() - math.log(200)]
    pad = (seen[-1] - seen[0]).item() / 3
    return max(target.low, seen[0].item() - pad), min(target.high, seen[-1].item() + pad)


def measure(state: State) -> Gap:
    """ELBO, both KLs and log p(x) by quadrature.

    The two KLs are integrated on their own, not obtained as a difference: that
    ELBO + KL = log p(x) is a finding, not a definition.

    Example:
        >>> from types import SimpleNamespace
        >>> joint = lambda z: Normal(0.0, 1.0).log_prob(z) - 1.5
        >>> exactly = State(SimpleNamespace(name="bell", low=-12.0, high=12.0, log_joint=joint))
        >>> print(f"{measure(exactly).elbo:.4f}", abs(measure(exactly).reverse_kl) < 1e-12)
        -1.5000 True
    """
    p, q = state.target.log_joint, state.posterior
    evidence = log_evidence(state.target)
    here = around(q)
    there = interval(state.target.low, state.target.high)
    z = there.values
    mass = (p(z) - evidence + there.log_weights).exp()
    return Gap(
        log_evidence=evidence.item(),
        elbo=exact.elbo(q, p, here).item(),
        reverse_kl=exact.expectation(q, lambda z: q.log_prob(z) - p(z) + evidence, here).item(),
        forward_kl=(mass * (p(z) - evidence - q.log_prob(z))).sum().item(),
    )
