"""log 1/S ∑ exp: range, digits, infinities."""

import math

import pytest
import torch

from tests.bounds.problems import agree, rounding
from vilib.bounds import log_mean_exp

INF = torch.inf


def gradient(values):
    """Value and gradient of the sum over the batch."""
    leaf = values.clone().requires_grad_()
    result = log_mean_exp(leaf)
    return result.detach(), torch.autograd.grad(result.sum(), leaf)[0]


def test_value_and_gradient_by_hand():
    v = torch.randn(5, 3)
    value, slope = gradient(v)
    agree(value, v.exp().mean(0).log())
    agree(slope, v.softmax(0))


def test_second_derivative():
    v = torch.randn(4, 2, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(log_mean_exp, v)
    assert torch.autograd.gradgradcheck(log_mean_exp, v)


@pytest.mark.parametrize("offset", [-1e4, -800.0, 800.0, 1e4])
def test_far_from_one(offset):
    v = torch.tensor([[0.0, 0.0], [math.log(3), -700.0]])
    value, slope = gradient(v + offset)
    truth = torch.tensor([math.log(2), -math.log(2)])
    agree(value - offset, truth, size=abs(offset) / 1e3)
    agree(slope, torch.tensor([[0.25, 1.0], [0.75, 0.0]]), size=abs(offset) / 1e2)


def test_digits_of_nearly_equal_values():
    # log mean exp = 1e-6 (1 - 1) / 2 + (1e-6)² / 2: below the rounding of log 2
    v = torch.tensor([[1e-6], [-1e-6]])
    found = log_mean_exp(v.double())
    assert abs(found.item() - 5e-13) < 1e-18
    # float32: the mean of the values, which log 1/S ∑ would lose in log S
    v32 = torch.tensor([[1e-6], [3e-6]], dtype=torch.float32)
    assert abs(log_mean_exp(v32).item() - 2e-6) < 1e-12


def test_digits_of_one_large_value():
    # all but one of 10⁴ are 0: log 1e-4, which 1 - (S - 1)/S would lose
    v = torch.full((10_000, 1), -200.0, dtype=torch.float32)
    v[17] = 0.0
    assert abs(log_mean_exp(v).item() + math.log(10_000)) < 2e-6


def test_infinities_have_no_nan():
    v = torch.tensor([[-INF, -INF, INF, INF], [-INF, 1.0, 1.0, -INF]])
    value, slope = gradient(v)
    agree(value[1:2], torch.tensor([1 - math.log(2)]))
    assert value[[0, 2, 3]].tolist() == [-INF, INF, INF]
    assert slope.tolist() == [[0, 0, 0, 0], [0, 1, 0, 0]]


def test_nan_is_not_hidden():
    assert log_mean_exp(torch.tensor([torch.nan, 1.0])).isnan()


def test_shapes():
    assert log_mean_exp(torch.zeros(3)).shape == ()
    assert log_mean_exp(torch.zeros(1, 2)).tolist() == [0.0, 0.0]
    assert log_mean_exp(torch.zeros(7, 2, 3)).shape == (2, 3)
    assert log_mean_exp(torch.zeros(7, 0)).shape == (0,)
    assert rounding() < 1e-3
