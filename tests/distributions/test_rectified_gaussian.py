"""The rectified Gaussian: closed moments, tails, and its two classical mistakes."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from vilib.distributions import RectifiedGaussian

μ, σ = torch.tensor(0.3, dtype=torch.double), torch.tensor(1.2, dtype=torch.double)


def leaves(*batch):
    return [x.expand(batch).clone().requires_grad_() for x in (μ, σ)]


def two_sided(kind):
    return lambda μ, σ: kind(μ, σ, -1.0, 1.0)


def test_one_sided_moments_by_the_textbook():
    q, m, N = RectifiedGaussian(μ, σ), μ / σ, Normal(0.0, 1.0)
    Φ, φ = N.cdf(m), N.log_prob(m).exp()
    ladder.assert_close(q.prob_low, N.cdf(-m))
    mean = μ * Φ + σ * φ
    ladder.assert_close(q.mean, mean)
    ladder.assert_close(q.variance, (μ**2 + σ**2) * Φ + μ * σ * φ - mean**2)


@pytest.mark.parametrize("kind", [mutants.DetachedNoise, mutants.SlopeThroughTheClip])
def test_wrong_sample_gradients_are_found(kind):
    points = rules.mixed(rules.interval(-1, 1), -1, 1)
    right = two_sided(RectifiedGaussian)
    ladder.assert_gradient(right, leaves, points)
    with pytest.raises(AssertionError):
        ladder.assert_gradient(two_sided(kind), leaves, points, truth=right)


def test_mass_counted_as_density_is_found():
    points = rules.mixed(rules.interval(0, 15), 0)
    ladder.assert_mass_one(RectifiedGaussian(μ, σ), points)
    with pytest.raises(AssertionError):
        ladder.assert_mass_one(mutants.DensityAtZero(μ, σ), points)


@pytest.mark.parametrize("far", [-30.0, -12.0, -5.0, 5.0, 30.0, 1e4])
def test_moments_far_out(far):
    """One-sided at distance `far`, in both dtypes: right to the digits that are left."""
    for dtype, digits in ((torch.float64, 1e-6), (torch.float32, 1e-2)):
        q = RectifiedGaussian(torch.tensor(far, dtype=dtype), torch.tensor(1.0, dtype=dtype))
        if far > 0:  # almost the Gaussian itself
            assert abs(q.mean - far) <= 1e-5 * far
            assert abs(q.variance - 1) < 1e-4
        elif far > -12 or dtype == torch.float64:
            z, w = ladder.exact.quadrature(0.0, 4.0, 400)
            density = (Normal(far, 1.0).log_prob(z) + w).exp()
            mean, second = (density * z).sum(), (density * z**2).sum()
            assert abs(q.mean - mean) <= digits * mean
            assert abs(q.variance - (second - mean**2)) <= digits * second


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("high", [2.0, math.inf])
@pytest.mark.parametrize("loc", [-1.0, 0.0, 1.0, 3.0])
def test_hardly_any_spread(loc, high, dtype):
    """σ so small that σ² underflows: nothing is 0 · ∞, in values or gradients."""
    tiny = 1e-20 if dtype == torch.float32 else 1e-160
    μ, σ = (torch.tensor(x, dtype=dtype, requires_grad=True) for x in (loc, tiny))
    q = RectifiedGaussian(μ, σ, 0.0, high)
    inside = 0.5 if loc == 0 else float(0 < loc < high)
    normal = math.log(tiny) + 0.5 * math.log(2 * math.pi * math.e)
    coin = math.log(2) / 2 if loc == 0 else 0.0
    ladder.assert_close(q.entropy(), torch.tensor(inside * normal + coin), 1e-6)
    ladder.assert_close(q.mean, torch.tensor(min(max(loc, 0.0), high)), 1e-6)
    assert 0 <= q.variance <= tiny
    prior = RectifiedGaussian(torch.zeros_like(μ), torch.ones_like(σ), 0.0, high)
    z = torch.tensor(min(max(loc, 0.0), high), dtype=dtype)
    want = prior.log_prob(z)
    if loc == 0:  # half of it in the atom, half right above
        want = (prior.log_prob(z) + prior.log_prob(z + tiny)) / 2
    ladder.assert_close(kl_divergence(q, prior), -q.entropy() - want, 1e-6)
    results = q.entropy(), q.mean, q.variance, q.cdf(z), kl_divergence(q, prior)
    for result in (*results, kl_divergence(q, RectifiedGaussian(μ, σ, 0.0, high))):
        assert result.isfinite()
        gradients = torch.autograd.grad(result, [μ, σ], allow_unused=True, materialize_grads=True)
        assert all(g.isfinite() for g in gradients), (result, gradients)


def test_entropy_of_hardly_any_spread_has_the_gaussian_s_slope():
    σ = torch.tensor(1e-20, dtype=torch.float32, requires_grad=True)
    (slope,) = torch.autograd.grad(RectifiedGaussian(1.0, σ).entropy(), σ)
    assert abs(slope * 1e-20 - 1) < 1e-6  # ∂ log σ / ∂σ


def test_tail_masses_keep_their_logarithm():
    q = RectifiedGaussian(torch.tensor([30.0, 1e3]), torch.tensor(1.0))
    # the leading terms of Mills' ratio
    α = -q.loc.double()
    want = -0.5 * α**2 - (-α).log() - 0.5 * math.log(2 * math.pi) + torch.log1p(-(α**-2))
    assert ((q.log_prob_low - want).abs() < 1e-6 * want.abs()).all()


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (-math.inf, 1.0)])
def test_the_interval_must_not_be_empty(low, high):
    with pytest.raises(ValueError, match="below high"):
        RectifiedGaussian(0.0, 1.0, low, high)


def test_outside_there_is_nothing():
    q = RectifiedGaussian(0.0, 1.0, -1.0, 1.0, validate_args=False)
    z = torch.tensor([-1.5, 1.5])
    assert (q.log_prob(z) == -torch.inf).all()
    assert q.cdf(z).tolist() == [0.0, 1.0]
    assert RectifiedGaussian(0.0, 1.0).log_prob(torch.tensor(math.inf)) == -torch.inf
