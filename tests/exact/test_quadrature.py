"""Gauss-Legendre rules against integrals known in closed form."""

import math

import pytest
import torch
from torch.distributions import Gamma, Normal

from vilib.exact import quadrature


def integral(g, points):
    return (points.log_weights.exp() * g(points.values)).sum().item()


@pytest.mark.parametrize("num", [1, 2, 3, 5])
def test_exact_for_polynomials_up_to_degree_2n_minus_1(num):
    points = quadrature(-1.0, 2.0, num)
    for degree in range(2 * num):
        truth = (2.0 ** (degree + 1) - (-1.0) ** (degree + 1)) / (degree + 1)
        assert integral(lambda z, d=degree: z**d, points) == pytest.approx(truth, rel=1e-12)
    degree = 2 * num
    truth = (2.0 ** (degree + 1) - (-1.0) ** (degree + 1)) / (degree + 1)
    assert integral(lambda z: z**degree, points) != pytest.approx(truth, rel=1e-12)


def test_shapes_and_dtype():
    one, two = quadrature(0.0, 1.0, 7), quadrature(0.0, 1.0, 7, dim=2)
    assert one.values.shape == one.log_weights.shape == (7,)
    assert two.values.shape == (49, 2)
    assert two.log_weights.shape == (49,)
    assert one.values.dtype == two.log_weights.dtype == torch.float64


@pytest.mark.parametrize("dim", [1, 2])
def test_device(dim):
    # "meta" has no numbers, but is another device on every machine
    points = quadrature(0.0, 1.0, 7, dim, device="meta")
    assert points.values.device.type == points.log_weights.device.type == "meta"
    assert quadrature(0.0, 1.0, 7, dim, torch.device("cpu")).values.device.type == "cpu"
    assert quadrature(0.0, 1.0, 7, dim).values.device == torch.get_default_device()


def test_gaussian_moments():
    points = quadrature(-12.0, 12.0)
    density = lambda z: Normal(0.5, 1.2).log_prob(z).exp()  # noqa: E731
    assert integral(density, points) == pytest.approx(1, abs=1e-12)
    assert integral(lambda z: z * density(z), points) == pytest.approx(0.5, abs=1e-7)
    assert integral(lambda z: (z - 0.5) ** 2 * density(z), points) == pytest.approx(1.44, abs=1e-6)


def test_two_and_three_dimensions():
    ball = lambda z: (-(z**2).sum(-1) / 2).exp()  # noqa: E731
    for dim, num in ((2, 60), (3, 40)):
        found = integral(ball, quadrature(-8.0, 8.0, num, dim))
        assert found == pytest.approx((2 * math.pi) ** (dim / 2), rel=1e-7)


def test_a_skewed_density():
    density = lambda z: Gamma(2.5, 0.7).log_prob(z).exp()  # noqa: E731
    assert integral(density, quadrature(1e-9, 80.0, 400)) == pytest.approx(1, abs=1e-6)


def test_refusals():
    with pytest.raises(ValueError, match="8000000"):
        quadrature(0.0, 1.0, 200, dim=3)
    with pytest.raises(ValueError, match=str(2**20 + 1)):
        quadrature(0.0, 1.0, 2**20 + 1)
    with pytest.raises(ValueError, match="below high"):
        quadrature(1.0, 1.0)
    with pytest.raises(ValueError, match="at least 1"):
        quadrature(0.0, 1.0, 0)
    with pytest.raises(ValueError, match="at least 1"):
        quadrature(0.0, 1.0, 5, dim=0)
