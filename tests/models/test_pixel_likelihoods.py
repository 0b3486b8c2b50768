"""How pixels come about: each likelihood against quadrature, enumeration or torch's own."""

import math
from itertools import product

import pytest
import torch
from torch.distributions import Bernoulli, ContinuousBernoulli, Normal

from vilib import exact
from vilib.models.independent_pixels import IndependentPixels
from vilib.models.pixel_likelihoods import (
    BernoulliPixels,
    ContinuousBernoulliPixels,
    GaussianPixels,
    log_normaliser,
)

LOGITS = (0.0, 1e-4, 9.99e-3, 1.01e-2, 0.7, -3.0, 20.0, -45.0)


def test_bernoulli_is_torchs():
    a = torch.randn(3, 5, dtype=torch.double)
    x = (torch.rand(3, 5) < 0.5).double()
    expected = Bernoulli(logits=a).log_prob(x).sum(-1)
    torch.testing.assert_close(BernoulliPixels().log_prob(a, x), expected)
    torch.testing.assert_close(BernoulliPixels().mean(a), a.sigmoid())


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_is_a_density_with_its_mean(logit):
    x, log_w = exact.quadrature(0.0, 1.0, 120)
    pixels, a = ContinuousBernoulliPixels(), torch.tensor([logit], dtype=torch.double)
    mass = (pixels.log_prob(a, x[:, None]) + log_w).exp()
    assert float(mass.sum()) == pytest.approx(1, abs=1e-9)
    assert float((mass * x).sum()) == pytest.approx(float(pixels.mean(a)), abs=1e-8)
    formula = (BernoulliPixels().log_prob(a, x[:, None]) + log_w).exp().sum()
    assert float(-formula.log()) == pytest.approx(float(log_normaliser(a)), abs=1e-9)


def test_continuous_bernoulli_is_torchs_where_that_is_right():
    a = torch.linspace(-8, 8, 33, dtype=torch.double)
    x = torch.rand(33, dtype=torch.double)
    mine = ContinuousBernoulliPixels().log_prob(a[:, None], x[:, None])
    torch.testing.assert_close(
        mine, ContinuousBernoulli(logits=a).log_prob(x), rtol=1e-4, atol=1e-4
    )


def test_torchs_normaliser_stands_still_at_large_logits():
    a, x = torch.tensor(-40.0), torch.tensor(0.01)
    mine = ContinuousBernoulliPixels().log_prob(a[None], x[None])
    truth = math.log(40) - 40 * 0.01
    assert float(mine) == pytest.approx(truth, abs=1e-5)
    assert float(ContinuousBernoulli(logits=a).log_prob(x)) < truth - 0.5


def test_normaliser_has_a_gradient_at_and_around_nought():
    a = torch.tensor([0.0, 5e-3, -5e-3, 0.3, -2.0], dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(log_normaliser, a)
    (slope,) = torch.autograd.grad(log_normaliser(a).sum(), a)
    assert bool(torch.isfinite(slope).all())
    single = log_normaliser(torch.linspace(-90, 90, 1001))
    assert bool(torch.isfinite(single).all())


def test_gaussian_pixels():
    pixels = GaussianPixels(scale=0.3).double()
    a, x = torch.randn(4, 3, dtype=torch.double), torch.rand(4, 3, dtype=torch.double)
    expected = Normal(a.sigmoid(), 0.3).log_prob(x).sum(-1)
    torch.testing.assert_close(pixels.log_prob(a, x), expected, rtol=1e-6, atol=1e-6)
    pixels.log_prob(a, x).sum().backward()
    assert pixels.log_scale.grad is not None


def test_independent_pixels_sum_to_one_over_all_pictures():
    control = IndependentPixels(torch.tensor([[1.0, 0, 0, 1], [1, 0, 0, 0], [1, 0, 1, 0]]))
    every = torch.tensor(list(product((0.0, 1.0), repeat=4)))
    assert float(control.log_prob(every).exp().sum()) == pytest.approx(1, abs=1e-5)
    torch.testing.assert_close(control.ink, torch.tensor([0.8, 0.2, 0.4, 0.4]))
