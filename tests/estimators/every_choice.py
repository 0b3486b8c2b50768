"""Every way that the draws of a piece of code can turn out, with its probability.

torch's discrete samplers are replaced by one that, instead of drawing, takes the outcomes in turn:
the code is run once for each sequence of outcomes that can happen. It needs no knowledge of what is
drawn, so it also serves estimators that draw from something else than q.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import torch
from torch import Size, Tensor
from torch.distributions import Bernoulli, Categorical

from tests.estimators.measure import Moments, observe
from tests.estimators.problems import Problem
from vilib.estimators import Estimator


class Path:
    """The outcomes that the next run is told to take, and how probable they are."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.options: list[list[int]] = []
        self.at, self.probability = 0, 1.0

    def choose(self, p: list[float]) -> int:
        """The next outcome, one with mass."""
        if self.at == len(self.taken):
            self.options.append([i for i, mass in enumerate(p) if mass > 0])
            self.taken.append(0)
        outcome = self.options[self.at][self.taken[self.at]]
        self.at += 1
        self.probability *= p[outcome]
        return outcome

    def turn(self) -> bool:
        """On to the next sequence, if there is one."""
        self.at, self.probability = 0, 1.0
        while self.taken and self.taken[-1] + 1 == len(self.options[-1]):
            self.taken.pop()
            self.options.pop()
        if self.taken:
            self.taken[-1] += 1
        return bool(self.taken)

    def categorical(self, q: Categorical, shape: Size | tuple[int, ...] = ()) -> Tensor:
        """In place of Categorical.sample."""
        shape = Size(shape)
        p = q.probs.detach().double().reshape(-1, q.probs.shape[-1]).tolist()
        outcomes = [self.choose(row) for _ in range(shape.numel()) for row in p]
        return torch.tensor(outcomes, device=q.probs.device).reshape(shape + q.batch_shape)

    def bernoulli(self, q: Bernoulli, shape: Size | tuple[int, ...] = ()) -> Tensor:
        """In place of Bernoulli.sample."""
        p = q.probs.detach()
        pairs = Categorical(torch.stack([1 - p, p], -1), validate_args=False)
        return self.categorical(pairs, shape).to(p)


def every_choice(run: Callable[[], Any]) -> Iterator[tuple[Any, float]]:
    """What `run()` returns, and the probability of that, for every sequence of outcomes."""
    path, more = Path(), True
    while more:
        with (
            patch.object(Categorical, "sample", lambda q, shape=(): path.categorical(q, shape)),
            patch.object(Bernoulli, "sample", lambda q, shape=(): path.bernoulli(q, shape)),
        ):
            result = run()
        yield result, path.probability
        more = path.turn()


def by_choices(estimator: Estimator, problem: Problem, samples: int) -> Moments:
    """Mean and variance of an estimator's gradient for one datapoint, without sampling."""
    q, f, leaves = problem.build(1)

    def run() -> Tensor:
        fresh = copy.deepcopy(estimator)
        observe(fresh, 1)
        grads = torch.autograd.grad(
            fresh(q, f, samples).sum(),
            leaves,
            retain_graph=True,
            allow_unused=True,
            materialize_grads=True,
        )
        return torch.cat([g.flatten() for g in grads]).double()

    found = list(every_choice(run))
    g, w = torch.stack([g for g, _ in found]), torch.tensor([w for _, w in found])
    w = w.to(g)[:, None]
    assert (w.sum() - 1).abs() < 1e-5
    mean = (w * g).sum(0)
    return Moments(mean, (w * (g - mean) ** 2).sum(0), len(found))


def assert_exact_mean(estimator: Estimator, problem: Problem, samples: int = 1) -> None:
    """The mean over every choice is the exact gradient, up to rounding."""
    truth = problem.gradient().double()
    rounding = 1e3 * torch.finfo(problem.leaves[0].dtype).eps * (1 + truth.norm())
    gap = (by_choices(estimator, problem, samples).mean - truth).abs().max()
    assert gap <= rounding, f"{problem.name}: off by {gap:.2g}"
