"""The truths of unit 06's checks, each against a computation that shares nothing with it."""

import math

import pytest
import torch
from torch.distributions import Normal

from vilib import exact
from vilib.checks import flow_gap_exact as gap
from vilib.checks import planar_invertible
from vilib.checks.density_of_map_exact import by_cdf, maps
from vilib.checks.masks_autoregressive import jacobian
from vilib.flows import Planar
from vilib.flows.planar import constrained


def generator(seed=1):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("which", [0, 1])
def test_the_cdfs_derivative_is_the_density_by_finite_differences(which):
    f, base = maps(generator())[which], Normal(torch.tensor(0.3).double(), 0.8)
    y = torch.linspace(-1, 1, 5, dtype=torch.double)
    step = 1e-5
    slope = (base.cdf(f.inverse(y + step)) - base.cdf(f.inverse(y - step))) / (2 * step)
    torch.testing.assert_close(by_cdf(y, base, f.inverse), slope.abs().log(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("along", [-3.0, 0.5])
def test_the_basis_gives_the_layers_own_direction(along):
    u, w = torch.randn(2, 4, generator=generator(2), dtype=torch.double)
    u = u + (along - w @ u) * w / (w @ w)
    ours = planar_invertible.in_basis(u, w)
    torch.testing.assert_close(ours, constrained(u, w)[0], rtol=1e-10, atol=1e-10)
    layer = Planar(u, w, torch.tensor(0.1, dtype=torch.double))
    x = torch.randn(5, 4, generator=generator(3), dtype=torch.double)
    moved = x + ours * torch.tanh(x @ w + 0.1)[:, None]
    torch.testing.assert_close(layer(x), moved, rtol=1e-10, atol=1e-10)


def test_the_bananas_normaliser_is_its_integral():
    points = exact.quadrature(-30.0, 90.0, num=1000, dim=2)
    found = exact.log_evidence(gap.banana, points)
    assert found.item() == pytest.approx(gap.LOG_Z, abs=1e-3)


def test_no_mean_field_gaussian_is_better():
    """Gradient descent on the exact KL, E[z₁⁴] included, ends at the closed form."""
    m, a, b = (torch.tensor(v, dtype=torch.double, requires_grad=True) for v in (0.1, 0.0, 0.0))
    optimiser = torch.optim.LBFGS([m, a, b], max_iter=200, line_search_fn="strong_wolfe")

    def kl():
        v, s = (2 * a).exp(), b.exp()
        away = s**2 + (m - v / 2 + 1) ** 2 + v**2 / 2
        entropy = 1 + math.log(2 * math.pi) + a + b
        log_p = -v / 8 - math.log(2) - 2 * away - math.log(0.5) - math.log(2 * math.pi)
        return -entropy - log_p

    def closure():
        optimiser.zero_grad()
        loss = kl()
        loss.backward()
        return loss

    optimiser.step(closure)
    assert kl().item() == pytest.approx(gap.best_mean_field_gap(), abs=1e-8)


@pytest.mark.parametrize("bend", [0.44, 0.46, 0.48])
def test_every_bend_that_can_be_drawn_lies_well_below_mean_field(bend):
    bend = torch.tensor(bend).double()
    points = exact.quadrature(-6.0, 6.0, num=200, dim=2)
    x = 0.9 * points.values
    log_p, log_base, log_det = gap.log_ratio(x, bend)
    weights = (points.log_weights + log_base + 2 * math.log(0.9)).exp()
    kl = gap.LOG_Z - (weights * (log_p - log_base + log_det)).sum()
    assert 0.02 < kl < gap.best_mean_field_gap() - 0.3


def test_the_jacobian_sees_a_single_way():
    first, second = torch.zeros(2, 3).double(), torch.zeros(3, 2).double()
    first[1, 0] = second[2, 1] = 1.0
    assert (jacobian(first, second, seed=1) != 0).nonzero().tolist() == [[2, 0]]
