"""What the EM staircase shows: a problem, a start, and the exact numbers after each half-step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.figures.em_problem import Problem
from vilib.models.expectation_maximisation import bound, partial_e_step

__all__ = ["LAST", "HalfStep", "State", "bound_at", "climb", "evidence_at"]

# half-steps that a slider can ask for
LAST = 30


@dataclass(frozen=True)
class State:
    """One position of the staircase's controls.

    Attributes:
        problem: A mixture with one parameter.
        start: θ before the first step.
        count: How many half-steps have been made: E, M, E, M …
        share: Of the way to the posterior that an E-step goes; 1 is EM.
    """

    problem: Problem
    start: float
    count: int = 0
    share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no control can give."""
        if not self.problem.low <= self.start <= self.problem.high:
            ends = f"{self.problem.low} and {self.problem.high}"
            raise ValueError(f"start must lie between {ends}, got {self.start}")
        if not 0 <= self.count <= LAST:
            raise ValueError(f"count must lie between 0 and {LAST}, got {self.count}")
        if not 0 < self.share <= 1:
            raise ValueError(f"share must lie above 0 and not above 1, got {self.share}")


class HalfStep(NamedTuple):
    """Where things stand after a half-step; sums over all observations, nats.

    Attributes:
        kind: "start", "E" or "M".
        theta: θ.
        q: Responsibilities, `[B, 2]`.
        elbo: ELBO(q, θ).
        kl: KL(q‖p(z|x, θ)).
        log_evidence: log p(x | θ) = elbo + kl.
    """

    kind: str
    theta: float
    q: Tensor
    elbo: float
    kl: float
    log_evidence: float

    def rounded(self, digits: int = 2) -> tuple[float, float, float]:
        """ELBO, KL and log p(x), rounded so that the first two add up to the third as written."""
        kl, evidence = round(self.kl, digits), round(self.log_evidence, digits)
        return round(evidence - kl, digits), kl, evidence


def climb(state: State) -> list[HalfStep]:
    """The start and every half-step made since, `count + 1` of them.

    Before the first step q is uniform.

    Example:
        >>> from vilib.figures.em_problem import Reviewers
        >>> steps = climb(State(Reviewers("two", 0.5), start=0.6, count=2))
        >>> [(s.kind, f"{s.theta:.2f}", f"{s.kl:.2f}") for s in steps]
        [('start', '0.60', '2.44'), ('E', '0.60', '0.00'), ('M', '0.68', '0.86')]
    """
    return list(whole_climb(state.problem, state.start, state.share)[: state.count + 1])


@lru_cache(maxsize=256)
def whole_climb(problem: Problem, start: float, share: float) -> tuple[HalfStep, ...]:
    """All half-steps that a slider can ask for."""
    theta = start
    table = joint(problem, theta)
    q = torch.full_like(table, 0.5)
    steps = [measure("start", theta, q, table)]
    for n in range(LAST):
        if n % 2 == 0:
            q = partial_e_step(q, table, share)
        else:
            theta = min(max(problem.m_step(q), problem.low), problem.high)
            table = joint(problem, theta)
        steps.append(measure("EM"[n % 2], theta, q, table))
    return tuple(steps)


def joint(problem: Problem, theta: float) -> Tensor:
    """log p(x, z | θ), `[B, 2]`."""
    return problem.log_joint(torch.tensor([theta], dtype=torch.double))[0]


def measure(kind: str, theta: float, q: Tensor, table: Tensor) -> HalfStep:
    """The numbers of a half-step; the KL is summed on its own, not obtained as a difference."""
    log_posterior = table.log_softmax(-1)
    kl = (torch.where(q > 0, q * (q.log() - log_posterior), 0.0)).sum()
    elbo, evidence = bound(q, table).sum(), table.logsumexp(-1).sum()
    return HalfStep(kind, theta, q, elbo.item(), max(0.0, kl.item()), evidence.item())


def evidence_at(problem: Problem, theta: Tensor) -> Tensor:
    """log p(x | θ) of all observations, `[N]` → `[N]`, nats."""
    return problem.log_joint(theta).logsumexp(-1).sum(-1)


def bound_at(problem: Problem, q: Tensor, theta: Tensor) -> Tensor:
    """ELBO(q, θ) of all observations, `[N]` → `[N]`, nats."""
    return bound(q, problem.log_joint(theta)).sum(-1)
