"""Free bits: the threshold is on the mean of the batch, and below it the gradient is 0."""

import pytest
import torch

from tests.bounds import mutants
from tests.bounds.problems import agree
from vilib.bounds import free_bits

# three datapoints, three dimensions: mean rates 1.0, 0.2 and 0.5
RATE = [[3.0, 0.1, 0.4], [0.0, 0.2, 0.6], [0.0, 0.3, 0.5]]


def assert_right(bound, free_nats=0.6):
    """Value by hand; gradient 1/B above the threshold and exactly 0 below it."""
    rate = torch.tensor(RATE, requires_grad=True)
    paid = bound(rate, free_nats)
    agree(paid, torch.tensor(1.0 + 0.6 + 0.6))
    (slope,) = torch.autograd.grad(paid, rate)
    assert (slope[:, 1:] == 0).all(), "a gradient below the threshold"
    agree(slope[:, 0], torch.full((3,), 1 / 3))


def test_per_dimension():
    assert_right(free_bits)


def test_mutant_per_example_dies():
    with pytest.raises(AssertionError, match="off by"):
        assert_right(mutants.free_bits_per_example)


def test_in_total():
    rate = torch.tensor(RATE).sum(1).requires_grad_()  # mean 1.7
    above, below = free_bits(rate, 1.0), free_bits(rate, 2.0)
    agree(torch.stack([above, below]), torch.tensor([1.7, 2.0]))
    agree(torch.autograd.grad(above, rate)[0], torch.full((3,), 1 / 3))
    assert (torch.autograd.grad(below, rate)[0] == 0).all()


def test_groups_are_between_dimensions_and_the_total():
    rate = torch.tensor(RATE)
    groups = torch.stack([rate[:, 0] + rate[:, 1], rate[:, 2]], 1)
    agree(free_bits(groups, 0.6), torch.tensor(1.2 + 0.6))
    # thresholds that add up to the same total: the finer, the more is paid
    assert free_bits(rate, 0.6) >= free_bits(groups, 0.9) >= free_bits(rate.sum(1), 1.8)


def test_nothing_free_is_the_rate():
    rate = torch.tensor(RATE)
    agree(free_bits(rate, 0.0), rate.sum(1).mean())


def test_collapsed_and_infinite_rates():
    rate = torch.tensor([[0.0, torch.inf], [0.0, 1.0]], requires_grad=True)
    paid = free_bits(rate, 0.5)
    assert paid == torch.inf
    assert torch.autograd.grad(paid, rate)[0].tolist() == [[0.0, 0.5], [0.0, 0.5]]


@pytest.mark.parametrize("shape", [(), (4, 5, 3), (2, 4, 5, 3)])
def test_other_axes_are_not_summed_in_silence(shape):
    with pytest.raises(ValueError, match=r"\[B\] or \[B, G\]"):
        free_bits(torch.ones(shape), 0.5)


def test_refusal():
    with pytest.raises(ValueError, match="0 or more"):
        free_bits(torch.ones(2), -0.1)
