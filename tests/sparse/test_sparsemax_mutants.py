"""Wrong versions of sparsemax, each found by the assertions that the right one passes."""

import pytest
import torch

from tests.sparse.test_sparsemax import LONG, assert_jacobian, assert_solves
from vilib.sparse import sparsemax
from vilib.sparse.candidates import long_rows
from vilib.sparse.sparsemax import Projection


class SoftmaxJacobian(torch.autograd.Function):
    """The right value with the gradient of softmax."""

    @staticmethod
    def forward(ctx, s):
        p = sparsemax(s)
        ctx.save_for_backward(p)
        return p

    @staticmethod
    def backward(ctx, g):
        (p,) = ctx.saved_tensors
        return p * (g - (p * g).sum(-1, keepdim=True))


def without_centring(s):
    """The gradient stops at the threshold."""
    τ = (s - sparsemax(s)).detach()
    return torch.where(sparsemax(s) > 0, s - τ, 0.0)


def two_steps(s, dim):
    """Newton's method, given up early."""
    τ = s.amax(dim, keepdim=True) - 1
    for _ in range(2):
        p = (s - τ).clamp(min=0)
        τ = τ + (p.sum(dim, keepdim=True) - 1) / (p > 0).sum(dim, keepdim=True)
    return (s - τ).clamp(min=0)


def wrong_axis(s, dim):
    """The axis from the end, computed with the wrong sign, as in a peer's helper."""
    return sparsemax(s, (s.dim() - dim) % s.dim())


def zero_for_masked(s, dim):
    """A masked score replaced by 0 before the projection."""
    return sparsemax(torch.where(s.isinf(), 0.0, s), dim)


@pytest.mark.parametrize("mutant", [SoftmaxJacobian.apply, without_centring])
def test_wrong_gradients_are_found(mutant):
    with pytest.raises(AssertionError):
        assert_jacobian(mutant, torch.tensor([1.0, 0.9, 0.8, 0.35], dtype=torch.double))


@pytest.mark.parametrize("mutant", [two_steps, wrong_axis])
def test_wrong_values_are_found(mutant):
    # fifty scores spread evenly take more than two steps
    s = torch.linspace(0, 2, 50, dtype=torch.double).reshape(50, 1) + 0.01 * torch.randn(3, 50, 4)
    assert_solves(sparsemax(s, -2), s, -2, 1e-12)
    with pytest.raises(AssertionError):
        assert_solves(mutant(s, -2), s, -2, 1e-12)


def test_a_wrong_mask_is_found():
    s = torch.tensor([-1.0, -torch.inf, -1.2])
    assert_solves(sparsemax(s), s, -1)
    with pytest.raises(AssertionError):
        assert_solves(zero_for_masked(s, -1), s, -1)


def test_too_narrow_a_reach_is_found():
    s = torch.randn(3, LONG, dtype=torch.double)
    s[:, :2] = s.amax(-1, keepdim=True) + torch.tensor([1.0, 0.2])
    assert_solves(long_rows(s, 1.0, lambda s: Projection.apply(s, -1)), s, -1, 1e-12)
    with pytest.raises(AssertionError):
        assert_solves(long_rows(s, 0.5, lambda s: Projection.apply(s, -1)), s, -1, 1e-12)
