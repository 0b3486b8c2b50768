"""VIMCO: exactly unbiased for the IWAE bound, over all outcomes."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal

from tests.estimators.exact_moments import assert_close, grid, named, per_copy, weighted_moments
from tests.estimators.gaussian import curved, iwae_and_gradient
from tests.estimators.measure import by_outcomes
from tests.estimators.problems import ladder
from vilib.estimators import Estimator
from vilib.estimators.vimco import VIMCO, bounds_without

PROBLEMS = [
    ("vae", 2),
    ("vae", 3),
    ("pair-weighted", 2),
    ("pair-nonlinear", 3),
    ("four-quadratic", 2),
    ("categorical-nonlinear", 3),
    ("one_hot-weighted", 4),
    ("categorical_vae", 2),
]


def assert_exact(estimator, problem, samples):
    mean = by_outcomes(estimator, problem, samples).mean
    assert_close(mean, iwae_and_gradient(problem, samples)[1], problem)


class Handmade(Estimator):
    """VIMCO with parts to be replaced."""

    def bounds_without(self, log_w):
        return bounds_without(log_w)

    def advantage(self, bound, without):
        return (bound - without).detach()

    def __call__(self, q, f, num_samples=1):
        z = q.sample((num_samples,))
        log_w = f(z)
        bound = log_w.logsumexp(0) - math.log(num_samples)
        advantage = self.advantage(bound, self.bounds_without(log_w))
        score = (advantage * q.log_prob(z)).sum(0)
        return bound + score - score.detach()


class OwnSampleInTheMean(Handmade):
    """The geometric mean is that of all weights."""

    def bounds_without(self, log_w):
        S = len(log_w)
        own = torch.eye(S, dtype=torch.bool).reshape(S, S, *[1] * (log_w.dim() - 1))
        return torch.where(own, log_w.mean(0), log_w).logsumexp(1) - math.log(S)


class AdvantageNotDetached(Handmade):
    """The score term differentiates the weights as well."""

    def advantage(self, bound, without):
        return bound - without


class ScoresAveraged(Handmade):
    """The mean over samples where the sum belongs."""

    def advantage(self, bound, without):
        return (bound - without).detach() / len(without)


class WeightsNotDetached(Estimator):
    """∑ₛ w̃ₛ f(zₛ) for the second term, with w̃ₛ part of the graph."""

    def __call__(self, q, f, num_samples=1):
        kept = []
        whole = VIMCO()(q, lambda z: kept.append(f(z)) or kept[0], num_samples)
        log_w = kept[0]
        direct = (log_w.softmax(0) * log_w).sum(0)
        bound = log_w.logsumexp(0)
        return whole - (bound - bound.detach()) + (direct - direct.detach())


class MeanOfLogs(Estimator):
    """The gradient of the ELBO."""

    def __call__(self, q, f, num_samples=1):
        z = q.sample((num_samples,))
        log_w, log_q = f(z), q.log_prob(z)
        return (log_w + log_w.detach() * (log_q - log_q.detach())).mean(0)


class NoBaseline(Handmade):
    """L ∇ log q(zₛ), unbiased and noisy."""

    def advantage(self, bound, without):
        return bound.detach().expand_as(without)


@pytest.mark.parametrize(("name", "samples"), PROBLEMS)
def test_the_mean_is_exact(name, samples):
    assert_exact(VIMCO(), named(name), samples)
    assert_exact(Handmade(), named(name), samples)


MUTANTS = [
    OwnSampleInTheMean,
    AdvantageNotDetached,
    ScoresAveraged,
    WeightsNotDetached,
    MeanOfLogs,
]


@pytest.mark.parametrize("samples", [2, 3])
@pytest.mark.parametrize("mutant", MUTANTS)
def test_mutants(mutant, samples):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact(mutant(), named("vae"), samples)


@pytest.mark.parametrize(("name", "samples"), [("vae", 2), ("vae", 3), ("pair-weighted", 3)])
def test_less_variance_than_without_a_baseline(name, samples):
    assert_exact(NoBaseline(), named(name), samples)
    ours, none = (by_outcomes(e, named(name), samples).variance for e in (VIMCO(), NoBaseline()))
    assert ours.sum() < 0.5 * none.sum()


def test_a_gaussian_by_quadrature():
    problem = curved()
    points, log_weights = problem.points
    q, _, _ = problem.build(1)
    mass = (q.log_prob(points[:, None])[:, 0].detach() + log_weights).exp()
    z, weights = grid([(points[:, 0], mass)] * 2)
    estimator = Forced(z.T[..., None])
    values, g = per_copy(estimator, problem, 2, len(z))
    bound, truth = iwae_and_gradient(problem, 2)
    assert (weights * values).sum().item() == pytest.approx(bound, rel=1e-5)
    assert_close(weighted_moments(g, weights).mean, truth, problem)


class Forced(VIMCO):
    """VIMCO whose samples are given."""

    def __init__(self, z):
        self.z = z

    def __call__(self, q, f, num_samples=1):
        q.sample = lambda shape: self.z.to(torch.get_default_dtype())
        return super().__call__(q, f, num_samples)


def test_leave_one_out_bounds_by_hand():
    log_w = torch.tensor([1.0, 2.0, 4.0]).log()[:, None]
    expected = [(8**0.5 + 2 + 4) / 3, (1 + 2 + 4) / 3, (1 + 2 + 2**0.5) / 3]
    assert bounds_without(log_w)[:, 0].exp().tolist() == pytest.approx(expected)
    # with two samples the other one is all there is
    pair = torch.randn(2, 7)
    assert torch.allclose(bounds_without(pair), pair.flip(0))
    assert bounds_without(torch.randn(4)).shape == (4,)


def test_one_pair_by_hand():
    a = torch.tensor([[0.4]], requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    q.sample = lambda shape: torch.tensor([[[1.0]], [[0.0]]])
    surrogate = VIMCO()(q, lambda z: 3 * z[..., 0], 2)
    surrogate.sum().backward()
    p = torch.tensor(0.4).sigmoid().item()
    bound = math.log((math.exp(3) + 1) / 2)
    assert surrogate.item() == pytest.approx(bound)
    assert a.grad.item() == pytest.approx((bound - 0) * (1 - p) + (bound - 3) * (0 - p))


@pytest.mark.parametrize("samples", [2, 3])
def test_weights_hundreds_of_nats_apart(samples):
    # in float32, too, exp f overflows; the exact gradient is that of the greatest f
    problem = ladder("pair", "weighted", scale=400.0)
    assert_exact(VIMCO(), problem, samples)


def test_equal_weights_have_no_score():
    a = torch.randn(6, 3, requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    surrogate = VIMCO()(q, lambda z: 0 * z.sum(-1) - 700.0, 5)
    assert torch.allclose(surrogate, torch.tensor(-700.0))
    (g,) = torch.autograd.grad(surrogate.sum(), a)
    assert g.abs().max() < 1e-3


def test_value_is_the_log_of_the_mean_weight():
    seen = []
    q = Independent(Bernoulli(logits=torch.randn(5, 3)), 1)
    surrogate = VIMCO()(q, lambda z: (seen.append(z), z.sum(-1).cos())[1], 4)
    (z,) = seen
    assert torch.allclose(surrogate, z.sum(-1).cos().exp().mean(0).log())


def test_refusals_and_calls_without_gradients():
    q = Bernoulli(logits=torch.zeros(3, requires_grad=True))
    with pytest.raises(ValueError, match="at least 2"):
        VIMCO()(q, lambda z: z)
    with pytest.raises(ValueError, match="one value per sample and datapoint"):
        VIMCO()(Independent(q, 1), lambda z: z, 2)
    with torch.no_grad():
        assert not VIMCO()(q, lambda z: z, 2).requires_grad
    scalar = Normal(torch.tensor(0.0, requires_grad=True), 1.0)
    surrogate = VIMCO()(scalar, lambda z: -(z**2), 3)
    assert surrogate.shape == ()
    surrogate.backward()
