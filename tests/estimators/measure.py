"""How the mean and the variance of an estimator are found: from samples, and without any.

`by_sampling` draws until a bias of 2 % would be seen. `by_outcomes` forces every sequence of
samples on the estimator in turn and weighs its answers by their probability: no Monte Carlo error
is left.
"""

from __future__ import annotations

import copy
import itertools
import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tests.estimators.problems import Problem
from vilib import exact
from vilib.estimators import ALL, Estimator
from vilib.estimators.baselines import Network

DETECTABLE = 0.02  # the bias, relative to the exact gradient, that no estimator may hide
STANDARD_ERRORS = 5.0
CHUNK, MOST = 100_000, 8_000_000


# These do not, or not only, draw by `q.sample`: their outcomes cannot be forced by `by_outcomes`.
# Their own tests integrate over what they draw.
DRAW_OTHERWISE = (
    "arm",
    "disarm",
    "disarm_categorical",
    "gumbel_softmax",
    "gumbel_straight_through",
    "rebar",
    "rebar_trained",
    "relax",
    "sum_and_sample",
)


class Moments(NamedTuple):
    """Mean and variance of the gradient `[P]`, and how many draws they rest on."""

    mean: Tensor
    variance: Tensor
    draws: int


def build(name: str) -> Estimator:
    """A registered estimator with all it may need."""
    network = nn.Linear(2, 1)
    # a bad first guess would add a variance that says nothing of the estimator
    nn.init.normal_(network.weight, std=0.1)
    nn.init.zeros_(network.bias)
    return ALL[name].make(network=network, value=0.4)


def observe(estimator: Estimator, copies: int) -> None:
    """Give a network baseline something to look at; others need nothing."""
    baseline = getattr(estimator, "baseline", None)
    if isinstance(baseline, Network):
        baseline.condition(torch.linspace(-1, 1, 2 * copies).reshape(copies, 2))


def freeze(estimator: Estimator) -> None:
    """Keep the state as it is."""
    part = getattr(estimator, "baseline", None) or estimator
    if hasattr(part, "frozen"):
        part.frozen = True


def warm(estimator: Estimator, problem: Problem, samples: int) -> Estimator:
    """The estimator after three past batches, so that its state is no longer the first one."""
    for _ in range(3):
        estimates(estimator, problem, samples, copies=4)
    return estimator


def estimates(estimator: Estimator, problem: Problem, samples: int, copies: int) -> Tensor:
    """Independent gradient estimates, one per copy of the datapoint, `[copies, P]`."""
    q, f, leaves = problem.build(copies)
    observe(estimator, copies)
    total = estimator(q, f, samples).sum()
    grads = torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True)
    return torch.cat([g.reshape(copies, -1) for g in grads], 1).double()


def by_sampling(
    estimator: Estimator, problem: Problem, samples: int, bound: str = "mean"
) -> Moments:
    """Moments from as many draws as make 5 standard errors at most 2 % of the exact gradient."""
    truth = problem.gradient(bound, samples).double()
    size = size_of(problem, truth)
    spread = estimates(estimator, problem, samples, 10_000).std(0).max().item()
    # the spread of heavy tails is easily underestimated
    need = math.ceil(1.6 * (STANDARD_ERRORS * spread / (DETECTABLE * size)) ** 2)
    need = max(need, 10_000)
    assert need <= MOST, f"{problem.name} needs {need} draws: choose a problem with less spread"
    chunks = [CHUNK] * (need // CHUNK) + [need % CHUNK] * (need % CHUNK > 0)
    first, second = torch.zeros_like(truth), torch.zeros_like(truth)
    for n in chunks:
        error = estimates(estimator, problem, samples, n) - truth
        first, second = first + error.sum(0), second + (error**2).sum(0)
    bias = first / need
    return Moments(truth + bias, second / need - bias**2, need)


def assert_unbiased(
    estimator: Estimator, problem: Problem, samples: int, scale: float = 1.0, bound: str = "mean"
) -> None:
    """|scale · mean - exact| < 5 standard errors, with a power that sees a bias of 2 %."""
    truth = problem.gradient(bound, samples).double()
    size = size_of(problem, truth)
    moments = by_sampling(estimator, problem, samples, bound)
    error = scale * (moments.variance.clamp(min=0) / moments.draws).sqrt()
    power = (STANDARD_ERRORS * error).max().item() / size
    assert power <= DETECTABLE * max(scale, 1.0), f"a bias below {power:.1%} would not be seen"
    rounding = 1e3 * torch.finfo(problem.leaves[0].dtype).eps * size
    gap = (scale * moments.mean - truth).abs()
    assert (gap <= STANDARD_ERRORS * error + rounding).all(), (
        f"{problem.name}: {(gap / (error + rounding)).max():.1f} standard errors, "
        f"{gap.max() / size:.1%} of the exact gradient"
    )


def size_of(problem: Problem, truth: Tensor) -> float:
    """What a bias is compared with: the length of the exact gradient, unless that is 0."""
    norm = truth.norm().item()
    return norm if norm > 1e-6 else problem.size


def by_outcomes(estimator: Estimator, problem: Problem, samples: int) -> Moments:
    """Moments for one datapoint, each possible sequence of samples weighed by its probability."""
    q, f, leaves = problem.build(1)
    values, _ = exact.enumerate_support(q)
    values = values.to(q.sample().dtype)
    mass = q.log_prob(values[:, None]).detach().double().exp()[:, 0]  # [N]
    calls = count_draws(estimator, problem, samples)
    mean, square, count = 0.0, 0.0, 0
    for choice in itertools.product(range(len(values)), repeat=calls * samples):
        queue = iter(torch.tensor(choice).reshape(calls, samples))
        q.sample = lambda shape, queue=queue: values[next(queue)][:, None]
        fresh = copy.deepcopy(estimator)
        observe(fresh, 1)
        total = fresh(q, f, samples).sum()
        grads = torch.autograd.grad(
            total, leaves, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        g = torch.cat([g.flatten() for g in grads]).double()
        w = mass[list(choice)].prod()
        mean, square, count = mean + w * g, square + w * g**2, count + 1
    return Moments(mean, square - mean**2, count)


def count_draws(estimator: Estimator, problem: Problem, samples: int) -> int:
    """How often the estimator calls `q.sample`, after a check that it draws `samples` each time."""
    q, f, _ = problem.build(1)
    shapes, draw = [], q.sample

    def counted(shape: tuple[int, ...]) -> Tensor:
        shapes.append(tuple(shape))
        return draw(shape)

    q.sample = counted
    fresh = copy.deepcopy(estimator)
    observe(fresh, 1)
    fresh(q, f, samples)
    assert set(shapes) <= {(samples,)}
    return len(shapes)


def assert_exactly_unbiased(
    estimator: Estimator, problem: Problem, samples: int, bound: str = "mean"
) -> None:
    """The mean over all outcomes is the exact gradient, up to rounding."""
    truth = problem.gradient(bound, samples).double()
    rounding = 1e3 * torch.finfo(problem.leaves[0].dtype).eps * (1 + truth.norm())
    gap = (by_outcomes(estimator, problem, samples).mean - truth).abs().max()
    assert gap <= rounding, f"{problem.name}: off by {gap:.2g}"
