"""The weighted ELBO, and the schedules against fractions."""

from fractions import Fraction

import pytest
import torch

from tests.bounds.problems import agree
from vilib.bounds import beta_constant, beta_cyclical, beta_elbo, beta_linear


def test_weighted():
    rate, distortion = torch.tensor([2.0, 0.0]), torch.tensor([70.0, 71.0])
    rate.requires_grad_()
    value = beta_elbo(rate, distortion, 4.0)
    agree(value, torch.tensor([-78.0, -71.0]))
    agree(torch.autograd.grad(value.sum(), rate)[0], torch.full((2,), -4.0))
    agree(beta_elbo(rate, distortion, 1.0), -rate - distortion)


def test_weight_0_ignores_an_infinite_rate():
    assert beta_elbo(torch.tensor([torch.inf]), torch.tensor([3.0]), 0.0).item() == -3.0
    with pytest.raises(ValueError, match="0 or more"):
        beta_elbo(torch.ones(1), torch.ones(1), -1.0)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_shapes_do_not_broadcast(beta):
    assert beta_elbo(torch.ones(()), torch.ones(()), beta).shape == ()
    for shape in ((3, 1), (1,), (), (2, 3)):
        with pytest.raises(ValueError, match="same shape"):
            beta_elbo(torch.ones(3), torch.ones(shape), beta)
        with pytest.raises(ValueError, match="same shape"):
            beta_elbo(torch.ones(shape), torch.ones(3), beta)


def test_constant():
    assert {beta_constant(step, 0.3) for step in (0, 1, 10**6)} == {0.3}


def test_linear():
    for step in range(12):
        truth = Fraction(1, 10) + Fraction(7, 10) * min(Fraction(step, 7), 1)
        assert abs(beta_linear(step, 7, 0.1, 0.8) - truth) < 1e-15
    # both ends to the last digit, downwards too, and at once
    assert (beta_linear(0, 7, 0.1, 0.8), beta_linear(7, 7, 0.1, 0.8)) == (0.1, 0.8)
    assert beta_linear(3, 4, 1.0, 0.0) == 0.25
    assert beta_linear(0, 0) == 1.0


@pytest.mark.parametrize(
    ("T", "M", "R"), [(100, 4, "1/2"), (10, 4, "1/2"), (7, 1, "1"), (9, 2, "1/3")]
)
def test_cyclical(T, M, R):
    # equations 6 and 7 of the paper, with its t = step + 1
    R = Fraction(R)
    for step in range(T):
        t = step + 1
        tau = Fraction((t - 1) % -(-T // M)) / Fraction(T, M)
        truth = min(Fraction(1), tau / R)
        found = beta_cyclical(step, T, M, float(R))
        assert abs(found - truth) < 1e-15
        assert beta_cyclical(step, T, M, float(R), end=3.0) == 3 * found
    assert beta_cyclical(T, T, M, float(R)) == 1.0


def test_each_cycle_starts_at_0():
    values = [beta_cyclical(step, 100, 4) for step in range(100)]
    assert [i for i, v in enumerate(values) if v == 0] == [0, 25, 50, 75]
    assert values[:25] * 4 == values
    assert max(values) == 1


def test_refusals():
    for bad in ({"num_steps": 0}, {"num_steps": 8, "num_cycles": 0}, {"num_steps": 8, "ramp": 0.0}):
        with pytest.raises(ValueError, match="expected"):
            beta_cyclical(0, **bad)
    with pytest.raises(ValueError, match="expected"):
        beta_linear(-1, 4)
