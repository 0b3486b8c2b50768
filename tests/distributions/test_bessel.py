"""The scaled Bessel function against many digits, and against its own identities."""

import math

import pytest
import torch

from tests.distributions import ladder
from vilib.distributions.bessel import debye_polynomials, log_bessel

ORDERS = (0.0, 0.5, 1.0, 4.0, 19.5, 20.0, 49.0, 149.5, 349.0)
POINTS = (0.0, 1e-3, 0.1, 1.0, 7.0, 50.0, 300.0, 1e4, 1e6)


@pytest.mark.parametrize("nu", ORDERS)
def test_against_many_digits(nu):
    mp = pytest.importorskip("mpmath").mp
    log_g, t = log_bessel(nu, torch.tensor(POINTS, dtype=torch.double))
    with mp.workdps(40):
        for x, value, quotient in zip(POINTS, log_g.tolist(), t.tolist()):
            if x == 0:  # I_ν(x) = (x/2)^ν / Γ(ν + 1) (1 + …)
                want, ratio = -nu * mp.log(2) - mp.loggamma(nu + 1), 1 / (2 * mp.mpf(nu) + 2)
            else:
                here = mp.besseli(nu, x)
                want = mp.log(here) - x - nu * mp.log(x)
                ratio = mp.besseli(nu + 1, x) / here / x
            assert abs(value - want) <= 1e-12 * max(1, abs(want))
            assert abs(quotient - ratio) <= 1e-12 * ratio


@pytest.mark.parametrize("nu", ORDERS)
def test_gradient(nu):
    """d log g / dx = x t - 1, which autograd does not know."""
    x = torch.tensor(POINTS, dtype=torch.double, requires_grad=True)
    log_g, t = log_bessel(nu, x)
    (slope,) = torch.autograd.grad(log_g.sum(), x, retain_graph=True)
    ladder.assert_close(slope, (x * t - 1).detach(), 1e-9)
    # and t itself solves t' = (1 - (2 ν + 2) t) / x - x t²
    (slope,) = torch.autograd.grad(t.sum(), x)
    want = ((1 - (2 * nu + 2) * t) / x - x * t**2).detach()
    assert ((slope - want).abs()[2:] <= 1e-6 * want.abs()[2:] + 1e-10).all()
    assert slope.isfinite().all()


def test_debye_polynomials_as_tabulated():
    """U₁ = (3 p - 5 p³) / 24 and U₂ = (81 p² - 462 p⁴ + 385 p⁶) / 1152."""
    _, first, second, *_ = debye_polynomials()
    assert [float(24 * c) for c in first] == [0, 3, 0, -5]
    assert [float(1152 * c) for c in second] == [0, 0, 81, 0, -462, 0, 385]


def test_half_integer():
    x = torch.tensor([0.1, 1.0, 10.0], dtype=torch.double)
    log_g, t = log_bessel(0.5, x)
    want = (math.sqrt(2 / math.pi) * x.sinh() / x).log() - x
    ladder.assert_close(log_g, want, 1e-12)
    ladder.assert_close(x * t, 1 / x.tanh() - 1 / x, 1e-12)
