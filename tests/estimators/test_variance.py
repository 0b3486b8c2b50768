"""Variances: measured against enumerated ones, and ordered where theory orders them."""

import pytest
import torch

from tests.estimators.measure import (
    DRAW_OTHERWISE,
    build,
    by_outcomes,
    estimates,
    freeze,
    warm,
)
from tests.estimators.problems import ladder, vae
from vilib import exact
from vilib.estimators import ALL, ScoreFunction
from vilib.estimators.baselines import Constant

# these sum over values of z: no variance is left for any f
SUMMED = ("enumeration", "sparse_marginalisation")
FORCED = [n for n, e in ALL.items() if e.kind != "continuous" and n not in DRAW_OTHERWISE]
BITS = vae().build(1)[0]


def moments_by_formula(problem, b):
    """E[(f - b)² s²] - ∇² and the best b = E[f s²] / E[s²] per logit, with s = ∇ log q, `[D]`."""
    q, f, (a,) = problem.build(1)
    z, _ = exact.enumerate_support(q)
    s = z - a.detach().sigmoid()  # [N, D]
    mass, values = q.log_prob(z[:, None]).exp().detach(), f(z[:, None])  # [N, 1] each
    best = (mass * values * s**2).sum(0) / (mass * s**2).sum(0)
    variance = (mass * (values - b) ** 2 * s**2).sum(0) - problem.gradient().double() ** 2
    return variance, best


@pytest.mark.parametrize("b", [0.0, 0.4, -2.0])
def test_outcomes_agree_with_the_formula(b):
    problem = ladder("four", "weighted")
    expected, _ = moments_by_formula(problem, b)
    found = by_outcomes(ScoreFunction(Constant(b)), problem, 1).variance
    assert torch.allclose(found, expected.double(), rtol=1e-4)


@pytest.mark.parametrize("name", [n for n in FORCED if n not in SUMMED and ALL[n].accepts(BITS)])
@pytest.mark.parametrize("problem", ["pair", "vae"])
def test_measured_variance_is_the_enumerated_one(name, problem):
    # the rung has to couple the bits: a sum of terms leaves local expectations no variance
    problem = vae() if problem == "vae" else ladder(problem, "nonlinear")
    samples = ALL[name].min_samples
    estimator = warm(build(name), problem, samples)
    if name == "score_function_network":
        # the copies are shown different observations, by_outcomes shows one
        torch.nn.init.zeros_(estimator.baseline.network.weight)
    freeze(estimator)
    mean, variance, _ = by_outcomes(estimator, problem, samples)
    squares = ((estimates(estimator, problem, samples, 200_000) - mean) ** 2).sum(1)
    five_errors = 5 * squares.std() / len(squares) ** 0.5
    assert five_errors <= 0.06 * variance.sum()
    assert (squares.mean() - variance.sum()).abs() <= five_errors + 1e-6 * variance.sum()


@pytest.mark.parametrize("name", ["score_function", "score_function_second_sample"])
def test_two_samples_halve_the_variance(name):
    problem = ladder("pair", "weighted")
    one, two = (by_outcomes(build(name), problem, S).variance for S in (1, 2))
    assert torch.allclose(two, one / 2, rtol=1e-4)


@pytest.mark.parametrize("name", SUMMED)
def test_a_sum_has_no_variance(name):
    assert estimates(build(name), vae(), 1, 100).var(0).max() < 1e-10


def test_the_best_constant_is_best():
    # for one variable the best baseline leaves no variance at all
    problem = ladder("bernoulli", "nonlinear")
    f0, f1 = values_of(problem)
    p = problem.leaves[0].sigmoid()
    best = (p * f0 + (1 - p) * f1).item()
    at_best, lower, higher, none = (
        by_outcomes(ScoreFunction(Constant(b)), problem, 1).variance.item()
        for b in (best, best - 0.1, best + 0.1, 0.0)
    )
    assert at_best < 1e-6
    assert at_best < min(lower, higher, none)


def test_the_formula_s_best_constant_is_best():
    problem = ladder("four", "weighted")
    _, best = moments_by_formula(problem, 0.0)
    for d in range(4):
        at_best, lower, higher = (
            moments_by_formula(problem, b)[0][d] for b in (best[d], best[d] - 0.1, best[d] + 0.1)
        )
        assert at_best < min(lower, higher)


def values_of(problem):
    """f(0) and f(1) of a problem with one Bernoulli."""
    _, f, _ = problem.build(1)
    return f(torch.zeros(1, 1)).squeeze(), f(torch.ones(1, 1)).squeeze()


def test_leave_one_out_beats_plain_where_f_has_an_offset():
    # log p(x, z) is far from 0: without a baseline the offset multiplies the score
    plain, leave = (
        by_outcomes(build(name), vae(), 2).variance[:12].sum()
        for name in ("score_function", "score_function_leave_one_out")
    )
    assert leave < plain / 2


def test_leave_one_out_needs_fewer_evaluations_than_a_second_sample():
    # two evaluations of f each: two samples that serve each other, or one sample and its baseline
    second = by_outcomes(build("score_function_second_sample"), vae(), 1).variance[:12].sum()
    leave = by_outcomes(build("score_function_leave_one_out"), vae(), 2).variance[:12].sum()
    assert leave < second


def test_argmax_can_be_worse_than_nothing():
    # folklore says that the reward at the mode is a good baseline; here it is not a typical one
    problem = ladder("bernoulli", "nonlinear")
    argmax, plain = (
        by_outcomes(build(name), problem, 1).variance.sum()
        for name in ("score_function_argmax", "score_function")
    )
    assert argmax > 2 * plain
