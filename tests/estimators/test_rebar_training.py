"""The training of REBAR's temperature and scale: after the estimate, on the variance, apart."""

import copy
import math

import pytest
import torch
from torch.distributions import Bernoulli, Independent

from tests.estimators.forced_noise import by_quadrature
from tests.estimators.measure import estimates
from tests.estimators.problems import ladder
from tests.estimators.relaxed_problems import near_half, plain_variance
from vilib.estimators import Rebar
from vilib.estimators.rebar import rebar_trained

ODD = (0.8, 0.6)  # a temperature and a scale that nothing else has


def batch(B=50, leaf=-0.5):
    a = torch.full((B, 2), leaf, requires_grad=True)
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    return q, lambda z: 3 + ((z - 0.2) ** 2) @ w + (z @ w).cos(), a, w


def test_the_estimate_comes_before_the_step():
    q, f, a, w = batch()
    trained, fixed = rebar_trained(*ODD, learning_rate=0.5), Rebar(*ODD)
    results = []
    for estimator in (trained, fixed):
        torch.manual_seed(1)
        results.append(torch.autograd.grad(estimator(q, f, 2).sum(), (a, w)))
    assert all(torch.allclose(x, y, atol=1e-6) for x, y in zip(*results))
    assert not math.isclose(trained.temperature.item(), ODD[0], rel_tol=0.1)
    assert not math.isclose(trained.scale.item(), ODD[1], rel_tol=0.1)
    assert fixed.temperature.item() == pytest.approx(ODD[0])


def test_the_step_follows_the_slope_of_the_squares():
    """Against finite differences of the mean of g², under the same noise."""
    q, f, *_ = batch()

    def call(log_tau, scale):
        estimator = rebar_trained(math.exp(log_tau), scale)
        torch.manual_seed(1)
        estimator(q, f, 2)
        return estimator

    point = math.log(ODD[0]), ODD[1]
    h = 1e-4 if torch.get_default_dtype() == torch.double else 3e-2
    estimator = call(*point)
    for i, parameter in enumerate(estimator.learned()):
        up, down = (
            call(*(x + sign * h * (i == j) for j, x in enumerate(point))).loss for sign in (1, -1)
        )
        expected = ((up - down) / (2 * h)).item()
        # Adam's first mean is .1 times the slope
        slope = 10 * estimator.optimiser.state[parameter]["exp_avg"].item()
        assert slope == pytest.approx(expected, rel=2e-2)


def test_training_finds_a_low_variance():
    """From a bad start to within 10 % of the best of a grid of τ and η, measured exactly."""
    problem = ladder("bernoulli", "nonlinear")
    estimator = rebar_trained(2.0, 3.0, learning_rate=0.05)
    first = by_quadrature(frozen(estimator), problem).variance.item()
    for _ in range(400):
        estimates(estimator, problem, 1, 200)
    last = by_quadrature(frozen(estimator), problem).variance.item()
    best = min(
        by_quadrature(Rebar(tau, eta), problem, num=60).variance.item()
        for tau in (0.1, 0.2, 0.5, 1.0, 2.0)
        for eta in (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
    )
    assert last < 1.1 * best
    assert last < 0.5 * first


def frozen(estimator):
    estimator = copy.deepcopy(estimator)
    estimator.frozen = True
    return estimator


def test_training_gives_up_where_it_cannot_help():
    # the relaxed f says nothing about f at the corners: η → 0, and the plain variance is back
    problem = near_half(-1.5)
    estimator = rebar_trained(learning_rate=0.05)
    for _ in range(300):
        estimates(estimator, problem, 1, 100)
    assert by_quadrature(frozen(estimator), problem).variance < 1.01 * plain_variance(problem)


def test_training_touches_nothing_else():
    q, f, a, w = batch()
    rebar_trained()(q, f)
    assert a.grad is None
    assert w.grad is None


def test_no_training_without_a_gradient():
    q, f, *_ = batch()
    estimator = rebar_trained()
    with torch.no_grad():
        estimator(q, f)
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    detached = Independent(Bernoulli(logits=torch.zeros(5, 2)), 1)
    surrogate = estimator(detached, lambda z: z @ w)
    (g,) = torch.autograd.grad(surrogate.sum(), w)  # f's own parameters still learn
    assert g.isfinite().all()
    estimator.frozen = True
    estimator(q, f)
    assert estimator.optimiser is None
    assert estimator.loss is None
    assert (estimator.temperature, estimator.scale) == (0.5, 1.0)


def test_reset():
    q, f, *_ = batch()
    estimator, runs = rebar_trained(*ODD), []
    for _ in range(2):
        estimator.reset()
        assert estimator.temperature.item() == pytest.approx(ODD[0])
        assert (estimator.optimiser, estimator.loss) == (None, None)
        torch.manual_seed(1)
        for _ in range(3):
            estimator(q, f, 2)
        runs.append((estimator.temperature, estimator.scale.detach(), estimator.loss))
    assert runs[0] == runs[1]
    assert runs[0][0].item() != pytest.approx(ODD[0])
