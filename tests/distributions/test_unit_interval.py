"""Numbers close to 0 and 1, and the constraints."""

import math

import pytest
import torch
from torch.distributions import constraints

from vilib.distributions.constraints import unit_sphere, zero_or
from vilib.distributions.unit_interval import into_open_unit, log1mexp, unit_rule


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_log1mexp_has_all_digits(dtype):
    mp = pytest.importorskip("mpmath").mp
    x = -torch.logspace(-30, 1.9, 60, dtype=dtype)
    x.requires_grad_()
    value = log1mexp(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    digits = 20 * torch.finfo(dtype).eps
    with mp.workdps(60):
        for v, got, g in zip(x.tolist(), value.tolist(), slope.tolist()):
            want, slope_wanted = mp.log(1 - mp.exp(v)), -mp.exp(v) / (1 - mp.exp(v))
            assert abs(got - want) <= digits * abs(want)
            assert abs(g - slope_wanted) <= digits * abs(slope_wanted)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_into_open_unit(dtype):
    x = torch.tensor([0.0, 1e-40, 0.3, 1.0], dtype=dtype, requires_grad=True)
    moved = into_open_unit(x)
    assert ((moved > 0) & (moved < 1)).all()
    assert moved[2] == x[2]
    assert torch.nextafter(moved[3], torch.ones((), dtype=dtype)) == 1
    (g,) = torch.autograd.grad(moved.sum(), x)
    assert (g == 1).all()
    # room for gradients: 1/x and more
    assert (1e5 / moved).isfinite().all()


def test_unit_rule():
    u, weight = unit_rule(5, torch.zeros(1, dtype=torch.float32))
    assert u.dtype == weight.dtype == torch.float32
    assert abs((weight * u**9).sum() - 0.1) < 1e-6


def test_unit_sphere():
    z = torch.tensor([[0.6, 0.8], [0.6, 0.81], [math.nan, 1.0]])
    assert unit_sphere.check(z).tolist() == [True, False, False]
    assert unit_sphere.event_dim == 1


def test_zero_or():
    z = torch.tensor([0.0, 0.5, 2.0, math.nan])
    assert zero_or(constraints.greater_than(1.0)).check(z).tolist() == [True, False, True, False]
