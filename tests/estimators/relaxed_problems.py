"""Problems that tell relaxations apart: corners alike, a far offset, no slope between the jumps."""

from __future__ import annotations

import torch
from torch.distributions import Bernoulli

from tests.estimators.problems import Problem


def near_half(logit: float) -> Problem:
    """E[(z - .499)²]: 0 and 1 are worth almost the same, what lies between is not."""
    return one_bit("near half", logit, lambda z: (z - 0.499) ** 2)


def offset(logit: float) -> Problem:
    """E[5 + z²]: far from 0 everywhere, as log-likelihoods are."""
    return one_bit("offset", logit, lambda z: 5 + z**2)


def one_bit(name: str, logit: float, f) -> Problem:
    """One Bernoulli."""
    return Problem(f"{name} at {logit}", (torch.tensor(logit),), lambda a: (Bernoulli(logits=a), f))


def steps(problem: Problem) -> Problem:
    """The problem's bits, with a function that is flat between its jumps."""

    def f(z):
        w = torch.tensor([1.0, -0.5, 2.0, 0.7]).to(z)
        return ((z > 0.5).to(z) @ w[: z.shape[-1]] > 0.6).to(z) + 1.0

    return Problem(f"{problem.name}-steps", problem.leaves, lambda a: (problem.make(a)[0], f))


def plain_variance(problem: Problem) -> float:
    """The score function's variance for one Bernoulli, p (1 - p) ((1 - p) f(1) + p f(0))²."""
    _, f, _ = problem.build(1)
    f0, f1 = (f(torch.full((1, 1), z)).item() for z in (0.0, 1.0))
    p = problem.leaves[0].sigmoid().item()
    return p * (1 - p) * ((1 - p) * f1 + p * f0) ** 2
