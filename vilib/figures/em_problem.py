"""Mixtures with one unknown parameter, so that all of log p(x | θ) can be drawn as a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.distributions import Normal

__all__ = ["Problem", "Reviewers", "Waits", "problems"]

# of five words that name the thing, how many were "film", in twelve reviews
FILMS = (4, 1, 3, 5, 0, 4, 2, 1, 4, 5, 3, 1)
LENGTH = 5


class Problem(Protocol):
    """A mixture of two components with a single parameter θ, and its data.

    Attributes:
        name: Shown in the menu.
        symbol: What θ is, in a few words.
        low: Left end of the curve.
        high: Its right end.
        reach: How many nats below the curve's top are shown.
    """

    name: str
    symbol: str
    low: float
    high: float
    reach: float

    def log_joint(self, theta: Tensor) -> Tensor:
        """log p(x, z | θ) in nats, `[N]` → `[N, B, 2]`."""

    def m_step(self, q: Tensor) -> float:
        """The θ that maximises ELBO(q, θ), for responsibilities `[B, 2]`."""


@dataclass(frozen=True)
class Reviewers:
    """Two reviewers; one says "film" with probability θ, the other with probability 1 − θ.

        p(x, 1 | θ) = w θ^h (1 − θ)^t,    p(x, 2 | θ) = (1 − w) (1 − θ)^h θ^t

    for a review with h films and t movies. With w = ½ the curve is its own mirror image: exchanging
    the reviewers changes nothing.

    Args:
        name: Shown in the menu.
        busier: w, the first reviewer's share of the reviews.

    Example:
        >>> model = Reviewers("two", 0.5)
        >>> at = model.log_joint(torch.tensor([0.3, 0.7])).logsumexp(-1).sum(-1)
        >>> bool((at[0] - at[1]).abs() < 1e-5)
        True
    """

    name: str
    busier: float
    symbol: str = "θ = p(film | first reviewer)"
    low: float = 0.04
    high: float = 0.96
    reach: float = 14.0

    def log_joint(self, theta: Tensor) -> Tensor:
        """log p(x, z | θ) in nats, `[N]` → `[N, B, 2]`."""
        films = torch.tensor(FILMS, dtype=torch.double)
        movies = LENGTH - films
        yes, no = theta.double()[:, None].log(), (1 - theta.double()[:, None]).log()
        both = torch.stack([films * yes + movies * no, films * no + movies * yes], dim=-1)
        return both + torch.tensor([self.busier, 1 - self.busier], dtype=torch.double).log()

    def m_step(self, q: Tensor) -> float:
        """Expected share of the words that the first would call his own."""
        films = torch.tensor(FILMS, dtype=torch.double)
        own = (q[:, 0] * films + q[:, 1] * (LENGTH - films)).sum()
        return float(own) / (LENGTH * len(FILMS))


@dataclass(frozen=True)
class Waits:
    """Waits at a geyser: two Gaussians, of which one mean is unknown and all else is given.

    Args:
        name: Shown in the menu.
        waits: Minutes.

    Example:
        >>> model = Waits("geyser", (50.0, 80.0))
        >>> model.m_step(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        50.0
    """

    name: str
    waits: tuple[float, ...]
    symbol: str = "θ = mean of the first kind of wait, in minutes"
    low: float = 42.0
    high: float = 98.0
    reach: float = 800.0

    SHARE = (0.36, 0.64)
    OTHER_MEAN = 80.0
    SPREAD = 6.0

    def log_joint(self, theta: Tensor) -> Tensor:
        """log p(x, z | θ) in nats, `[N]` → `[N, B, 2]`."""
        x = torch.tensor(self.waits, dtype=torch.double)
        first = Normal(theta.double()[:, None], self.SPREAD).log_prob(x)
        second = Normal(torch.tensor(self.OTHER_MEAN).double(), self.SPREAD).log_prob(x)
        both = torch.stack([first, second.expand_as(first)], dim=-1)
        return both + torch.tensor(self.SHARE, dtype=torch.double).log()

    def m_step(self, q: Tensor) -> float:
        """The mean of the waits, weighted by the responsibilities of the first kind."""
        x = torch.tensor(self.waits, dtype=torch.double)
        return float((q[:, 0] * x).sum() / q[:, 0].sum())


def problems() -> dict[str, Problem]:
    """Three one-parameter mixtures by name.

    Example:
        >>> list(problems())
        ['two reviewers', 'two reviewers, one busier', 'Old Faithful']
    """
    # imported here: a picture should not read files before it is asked for
    from vilib.datasets.old_faithful import old_faithful

    known: tuple[Problem, ...] = (
        Reviewers("two reviewers", 0.5),
        Reviewers("two reviewers, one busier", 0.7),
        Waits("Old Faithful", tuple(old_faithful().waiting.tolist())),
    )
    return {problem.name: problem for problem in known}
