"""REBAR: exact mean and variance by quadrature, and a second implementation."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, OneHotCategorical

from tests.estimators.forced_noise import by_quadrature, forced
from tests.estimators.measure import assert_unbiased, estimates
from tests.estimators.problems import categorical_vae, ladder, vae
from tests.estimators.relaxed_problems import near_half, offset, plain_variance
from tests.estimators.textbook_rebar import (
    BIASED,
    FreshNoise,
    LogitsDetached,
    NotDetached,
    PlusForMinus,
    SameNoise,
    TextbookRebar,
)
from vilib.estimators import ALL, Rebar, ScoreFunction
from vilib.estimators.rebar import rebar_trained
from vilib.estimators.relaxation import relaxation_of

ODD = (0.8, 0.6)  # a temperature and a scale that nothing else has


def assert_exact_mean(estimator, problem, num=80):
    """The mean over all noise is the exact gradient."""
    rounding = 1e-7 if problem.leaves[0].dtype == torch.float64 else 1e-3
    truth = problem.gradient().double()
    gap = (by_quadrature(estimator, problem, num=num).mean - truth).abs().max()
    assert gap < rounding * (1 + truth.norm()), f"off by {gap:.2g}"


def assert_variance_at_most(estimator, problem, bound):
    """The exact variance, by quadrature."""
    variance = by_quadrature(estimator, problem).variance.item()
    assert variance <= bound, f"variance {variance:.3g}, at most {bound:.3g} is right"


# --- mean and variance without Monte Carlo error


@pytest.mark.parametrize("rung", ["constant", "linear", "quadratic", "weighted", "nonlinear"])
@pytest.mark.parametrize("family", ["bernoulli", "bernoulli_at_0"])
@pytest.mark.parametrize("start", [(0.5, 1.0), (2.0, -0.7), ODD])
def test_the_mean_is_exact(rung, family, start):
    assert_exact_mean(Rebar(*start), ladder(family, rung))


def test_the_mean_is_exact_when_it_is_cold():
    assert_exact_mean(Rebar(0.1), ladder("bernoulli", "nonlinear"), num=300)


@pytest.mark.parametrize("wrong", [w for w in BIASED if w is not NotDetached])
def test_the_mean_of_wrong_ones_is_not(wrong):
    assert_exact_mean(TextbookRebar(*ODD), ladder("bernoulli", "nonlinear"))
    draws = 1 if wrong is SameNoise else 2
    problem = ladder("bernoulli", "nonlinear")
    gap = (by_quadrature(wrong(*ODD), problem, draws).mean - problem.gradient().double()).abs()
    assert gap > 0.05 * problem.gradient().norm()


def test_the_variance_that_was_measured():
    # at τ = .5, η = 1 the control variate does more harm than good here, and η → 0 helps
    problem = near_half(-1.5)
    plain = plain_variance(problem)
    found = by_quadrature(Rebar(0.5, 1.0), problem).variance.item() / plain
    assert found == pytest.approx(1.634, abs=2e-3)
    assert by_quadrature(Rebar(0.5, 0.0), problem).variance.item() / plain == pytest.approx(1.0)
    g = estimates(Rebar(0.5, 1.0), problem, 1, 200_000)
    squares = (g - problem.gradient().double()) ** 2 / plain
    assert (squares.mean() - found).abs() < 5 * squares.std() / len(squares) ** 0.5


def test_where_it_helps():
    # f far from 0, and alike at the corners and in between
    problem = offset(-1.5)
    assert_variance_at_most(Rebar(0.5, 1.0), problem, 0.05 * plain_variance(problem))


def test_fresh_noise_is_unbiased_and_only_the_variance_shows_it():
    problem = offset(-1.5)
    assert_exact_mean(FreshNoise(), problem)
    bound = 1.001 * by_quadrature(TextbookRebar(), problem).variance.item()
    assert_variance_at_most(Rebar(), problem, bound)
    with pytest.raises(AssertionError, match="variance"):
        assert_variance_at_most(FreshNoise(), problem, bound)


# --- two implementations


def noises(problem, S, B):
    q = problem.build(B)[0]
    r = relaxation_of(q)
    return r.noise(S), r.noise(S)


@pytest.mark.parametrize("problem", ["four-nonlinear", "one_hot_pair-weighted", "vae", "cvae"])
def test_it_is_the_textbook_s(problem):
    """Equal draw for draw, the gradients of the decoder and through log q included."""
    vaes = {"vae": vae, "cvae": categorical_vae}
    problem = vaes[problem]() if problem in vaes else ladder(*problem.split("-"))
    pair = noises(problem, 3, 20)

    def gradient(estimator):
        with forced(*pair):
            return estimates(estimator, problem, 3, 20)

    ours, theirs = gradient(Rebar(*ODD)), gradient(TextbookRebar(*ODD))
    scale = theirs.abs().max()
    assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-5 * scale)
    for wrong in (NotDetached, PlusForMinus, LogitsDetached):
        assert not torch.allclose(ours, gradient(wrong(*ODD)), rtol=1e-2, atol=1e-2 * scale)


@pytest.mark.parametrize("problem", ["four-weighted", "one_hot-nonlinear", "one_hot_pair-weighted"])
@pytest.mark.parametrize("make", [Rebar, rebar_trained])
def test_sampled_gradient_is_exact(make, problem):
    estimator, problem = make(), ladder(*problem.split("-"))
    for _ in range(5):
        estimates(estimator, problem, 2, 64)
    estimator.frozen = True
    assert_unbiased(estimator, problem, 2)


def test_a_wrong_sign_is_far_off():
    with pytest.raises(AssertionError, match=r"\d\d\.\d standard errors"):
        assert_unbiased(PlusForMinus(), ladder("four", "weighted"), 1)


def test_f_that_is_not_detached_is_caught_by_the_decoder():
    # the score's factor leaks into the gradient of f's own parameters
    assert_unbiased(TextbookRebar(), vae(), 1)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_unbiased(NotDetached(), vae(), 1)


def test_without_weight_it_is_the_score_function():
    problem, S, B = ladder("one_hot_pair", "nonlinear"), 3, 10
    pair = noises(problem, S, B)
    with forced(*pair):
        ours = estimates(Rebar(scale=0.0), problem, S, B)
    q, f, leaves = problem.build(B)
    r = relaxation_of(q)
    b = r.hard(r.logits + pair[0])
    q.sample = lambda shape: b
    (g,) = torch.autograd.grad(ScoreFunction()(q, f, S).sum(), leaves)
    assert torch.allclose(ours, g.reshape(B, -1).double(), atol=1e-5)


# --- behaviour


@pytest.mark.parametrize("make", [Rebar, rebar_trained])
@pytest.mark.parametrize("kind", ["bits", "rows"])
def test_extremes_in_float32(make, kind):
    a = torch.tensor([[-40.0, 0.0, 40.0], [-math.inf, 0.0, 3.0]]).float().requires_grad_()
    q = Independent(Bernoulli(logits=a), 1) if kind == "bits" else OneHotCategorical(logits=a)
    estimator = make(temperature=0.05)
    w = torch.tensor([1.0, -0.5, 2.0]).float()
    for _ in range(5):
        surrogate = estimator(q, lambda z: (z @ w) ** 2, 100)
        (g,) = torch.autograd.grad(surrogate.sum(), a, retain_graph=True)
        assert g.isfinite().all()
        assert surrogate.isfinite().all()
        assert surrogate.dtype == torch.float32
    assert estimator.temperature.isfinite()
    assert estimator.scale.isfinite()


def test_how_often_f_is_called():
    calls = []

    def f(z):
        calls.append(z)
        return z.sum(-1)

    q = Independent(Bernoulli(logits=torch.zeros(5, 2, requires_grad=True)), 1)
    Rebar()(q, f, 3)
    assert [len(z) for z in calls] == [3, 6]
    assert ((calls[0] == 0) | (calls[0] == 1)).all()
    calls.clear()
    with torch.no_grad():
        Rebar()(q, f, 3)
    assert [len(z) for z in calls] == [3]


def test_what_it_refuses():
    with pytest.raises(ValueError, match="as a OneHotCategorical"):
        Rebar()(Categorical(logits=torch.zeros(2, 3)), lambda z: z)
    with pytest.raises(ValueError, match="must be positive"):
        Rebar(temperature=0.0)
    q = Bernoulli(logits=torch.zeros(2, requires_grad=True))
    for make in (Rebar, rebar_trained):
        with pytest.raises(ValueError, match="differentiable in z"):
            make()(q, lambda z: (z > 0.5).to(z))


@pytest.mark.parametrize("name", ["rebar", "rebar_trained"])
def test_registered(name):
    estimator = ALL[name].make(temperature=0.3, network=None, value=1.0)
    assert estimator.temperature.item() == pytest.approx(0.3)
    assert estimator.trained == (name == "rebar_trained")
