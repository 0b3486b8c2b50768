"""The rectified Gaussian: closed moments, tails, and its two classical mistakes."""

import math

import pytest
import torch
from torch.distributions import Normal

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
