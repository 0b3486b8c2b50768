"""Gumbel-softmax, its straight-through form and straight-through: one sample by hand, the bias."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, OneHotCategorical

from tests.estimators.forced_noise import by_quadrature, forced
from tests.estimators.measure import assert_unbiased
from tests.estimators.problems import ladder
from tests.estimators.relaxed_problems import near_half
from vilib.estimators import (
    Estimator,
    GumbelSoftmax,
    GumbelStraightThrough,
    StraightThroughCategorical,
)

WEIGHTS = (1.0, -0.5, 2.0)
SOFT = (GumbelSoftmax, GumbelStraightThrough)


def relative_bias(estimator, problem):
    """(E[gradient] - exact) / exact, by quadrature."""
    truth = problem.gradient().double()
    return ((by_quadrature(estimator, problem, draws=1).mean - truth) / truth).item()


# --- one sample by hand


@pytest.mark.parametrize("kind", SOFT)
def test_one_bit_by_hand(kind):
    a = torch.tensor([0.4], requires_grad=True)
    noise, tau = torch.tensor([[-0.1]]), 0.7
    s = torch.tensor((0.4 - 0.1) / tau).sigmoid()
    with forced(noise):
        surrogate = kind(tau)(Bernoulli(logits=a), lambda z: z**3)
    surrogate.sum().backward()
    z = s if kind is GumbelSoftmax else torch.tensor(1.0)
    assert torch.allclose(surrogate, z**3)
    assert torch.allclose(a.grad, 3 * z**2 * s * (1 - s) / tau)


@pytest.mark.parametrize("kind", SOFT)
def test_one_row_by_hand(kind):
    a = torch.tensor([[0.5, 0.0, -1.0]], requires_grad=True)
    noise, tau = torch.tensor([[[0.0, 0.9, -0.2]]]), 0.7
    w = torch.tensor(WEIGHTS)
    with forced(noise):
        surrogate = kind(tau)(OneHotCategorical(logits=a), lambda z: (z @ w) ** 2)
    surrogate.sum().backward()
    e = [math.exp(x / tau) for x in (0.5, 0.9, -1.2)]
    s = torch.tensor([x / sum(e) for x in e])
    z = s if kind is GumbelSoftmax else torch.tensor([0.0, 1.0, 0.0])
    slope = 2 * (z @ w) * w
    assert torch.allclose(surrogate, ((z @ w) ** 2)[None])
    assert torch.allclose(a.grad[0], s * (slope - s @ slope) / tau, atol=1e-6)


def assert_all_entries_reach_the_logits(estimator: Estimator):
    """With p the mean, ∂z/∂p := 1: the gradient is J(p) ∇f(z), for every row that can be drawn."""
    a = torch.tensor([[0.5, 0.0, -1.0]]).repeat(50, 1).requires_grad_()
    w, seen = torch.tensor(WEIGHTS), []

    def f(z):
        seen.append(z.detach())
        return (z @ w - 0.3) ** 2 + z[..., 0]

    estimator(OneHotCategorical(logits=a), f).sum().backward()
    z, p = seen[0][0], a.detach().softmax(-1)
    assert torch.equal(z.sort(-1).values, torch.tensor([0.0, 0.0, 1.0]).to(z).expand_as(z))
    slope = 2 * (z @ w - 0.3)[:, None] * w + torch.tensor([1.0, 0.0, 0.0])
    expected = p * (slope - (p * slope).sum(-1, keepdim=True))
    assert torch.allclose(a.grad, expected, atol=1e-6), "gradient"


class ChosenOnly(Estimator):
    """The gradient reaches the probability of the drawn category and no other."""

    def __call__(self, q, f, num_samples=1):
        p = q.probs
        return f(q.sample((num_samples,)) * p / p.detach()).mean(0)


class ThroughArgmax(Estimator):
    """An argmax has no gradient: nothing arrives."""

    def __call__(self, q, f, num_samples=1):
        z = q.sample((num_samples,))
        return f(z + 0 * q.logits).mean(0)


def test_straight_through_categorical_by_hand():
    assert_all_entries_reach_the_logits(StraightThroughCategorical())
    for wrong in (ChosenOnly(), ThroughArgmax()):
        with pytest.raises(AssertionError, match="gradient"):
            assert_all_entries_reach_the_logits(wrong)


def test_straight_through_categorical_is_exact_for_a_linear_f():
    for family in ("one_hot", "one_hot_pair"):
        assert_unbiased(StraightThroughCategorical(), ladder(family, "linear"), 1)
        with pytest.raises(AssertionError, match="standard errors"):
            assert_unbiased(StraightThroughCategorical(), ladder(family, "quadratic"), 1)


# --- the bias


@pytest.mark.parametrize("tau", [0.5, 1.0])
def test_the_bias_dwarfs_the_gradient_where_the_corners_are_alike(tau):
    assert 30 < abs(relative_bias(GumbelSoftmax(tau), near_half(-1.5))) < 130


@pytest.mark.parametrize("tau", [0.5, 1.0])
def test_symmetry_hides_the_bias_at_logit_0(tau):
    # E[(s - 1/2) s (1 - s)] = 0 there: what is left is the bias of a linear f
    assert abs(relative_bias(GumbelSoftmax(tau), near_half(0.0))) < 0.4


@pytest.mark.parametrize("kind", SOFT)
def test_a_linear_f_is_biased_too(kind):
    # E[s] is not E[z]: both report E[s (1 - s)]/τ for p (1 - p)
    problem = ladder("bernoulli_at_0", "linear")
    assert relative_bias(kind(1.0), problem) == pytest.approx(4 / 6 - 1, abs=1e-6)
    assert relative_bias(kind(0.5), problem) < -0.05
    soft, hard = (by_quadrature(k(0.5), problem, draws=1).mean for k in SOFT)
    assert torch.allclose(soft, hard)


def test_the_bias_shrinks_and_the_variance_grows_as_it_cools():
    problem = ladder("bernoulli", "nonlinear")
    moments = [by_quadrature(GumbelSoftmax(tau), problem, 1, 300) for tau in (1.0, 0.5, 0.2, 0.1)]
    truth = problem.gradient().double()
    bias = [(m.mean - truth).abs().item() for m in moments]
    variance = [m.variance.item() for m in moments]
    assert bias == sorted(bias, reverse=True)
    assert variance == sorted(variance)


@pytest.mark.parametrize(("tau", "seen"), [(1.0, True), (0.5, True), (0.1, False), (0.05, False)])
def test_what_a_z_test_sees(tau, seen):
    # expected |z| = bias √N / sd with 20,000 draws
    problem = ladder("bernoulli", "quadratic")
    mean, variance, _ = by_quadrature(GumbelSoftmax(tau), problem, 1, 300)
    z = (mean - problem.gradient().double()).abs() / (variance / 20_000).sqrt()
    assert (z > 5) == seen


# --- behaviour


@pytest.mark.parametrize("make", [*SOFT, StraightThroughCategorical])
def test_what_f_sees(make):
    # validated distributions inside f refuse anything but one-hot rows
    a = torch.zeros(4, 2, 3, requires_grad=True)
    q = Independent(OneHotCategorical(logits=a), 1)
    if make is GumbelSoftmax:
        with pytest.raises(ValueError, match="support"):
            make()(q, q.log_prob, 5)
    else:
        surrogate = make()(q, q.log_prob, 5)
        assert torch.allclose(surrogate, torch.full((4,), -2 * math.log(3)))


@pytest.mark.parametrize("make", [*SOFT, StraightThroughCategorical])
def test_extreme_logits_in_float32(make):
    a = torch.tensor([[-40.0, 0.0, 40.0], [-math.inf, 0.0, 0.0]]).float().requires_grad_()
    estimator = make() if make is StraightThroughCategorical else make(temperature=0.05)
    w = torch.tensor(WEIGHTS).float()
    surrogate = estimator(OneHotCategorical(logits=a), lambda z: (z @ w) ** 2, 100)
    surrogate.sum().backward()
    assert a.grad.isfinite().all()
    assert surrogate.isfinite().all()


@pytest.mark.parametrize("kind", SOFT)
def test_temperature(kind):
    for wrong in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="must be positive"):
            kind(wrong)
    estimator, noise = kind(temperature=2.0), torch.full((1, 1), 0.3)
    estimator.temperature = 0.5  # annealed
    a = torch.tensor([0.4], requires_grad=True)
    with forced(noise):
        estimator(Bernoulli(logits=a), lambda z: z).sum().backward()
    s = torch.tensor(0.7 / 0.5).sigmoid()
    assert torch.allclose(a.grad, s * (1 - s) / 0.5)


@pytest.mark.parametrize("make", [*SOFT, StraightThroughCategorical])
def test_integers_are_refused(make):
    with pytest.raises(ValueError, match="as a OneHotCategorical"):
        make()(Categorical(logits=torch.zeros(2, 3)), lambda z: z)
