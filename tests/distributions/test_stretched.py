"""Stretching and clipping: where the mass at 0 and 1 comes from."""

import pytest
import torch
from torch.distributions import Uniform

from tests.distributions import ladder
from vilib.distributions import BinaryConcrete, HardKumaraswamy, Kumaraswamy, Stretched


def test_masses_and_density_by_hand():
    """x uniform on (0, 1), z = -1 + 4 x clipped: a quarter, a quarter, and one half at 1."""
    q = Stretched(Kumaraswamy(1.0, 1.0), low=-1.0, high=3.0)
    ladder.assert_close(q.prob_zero, torch.tensor(0.25))
    ladder.assert_close(q.prob_one, torch.tensor(0.5))
    ladder.assert_close(q.prob_nonzero, torch.tensor(0.75))
    ladder.assert_close(
        q.log_prob(torch.tensor([0.0, 0.1, 1.0])).exp(), torch.tensor([0.25, 0.25, 0.5])
    )
    ladder.assert_close(q.cdf(torch.tensor([0.0, 0.4, 1.0])), torch.tensor([0.25, 0.35, 1.0]))
    ladder.assert_close(q.mean, torch.tensor(0.625))  # 1/2 + 1/4 · 1/2


def test_outside_there_is_nothing():
    q = Stretched(Kumaraswamy(2.0, 2.0), validate_args=False)
    z = torch.tensor([-0.05, 1.05])
    assert (q.log_prob(z) == -torch.inf).all()
    assert q.cdf(z).tolist() == [0.0, 1.0]


def test_clipped_samples_have_no_gradient_and_the_others_do():
    a = torch.full((1000,), 0.5, requires_grad=True)
    z = HardKumaraswamy(a, a).rsample()
    (g,) = torch.autograd.grad(z.sum(), a)
    clipped = (z == 0) | (z == 1)
    assert 0.2 < clipped.double().mean() < 0.5
    assert (g[clipped] == 0).all()
    assert (g[~clipped] != 0).all()


def test_the_gradient_of_log_prob_does_not_depend_on_masked_branches():
    """At a = b = 1e-3 the density at 1/2 and the masses differ by 1000 orders of magnitude."""
    a = torch.tensor(1e3, requires_grad=True)
    q = HardKumaraswamy(a, a)
    for z in (0.0, 1e-30, 0.5, 1.0):
        (g,) = torch.autograd.grad(q.log_prob(torch.tensor(z)), a)
        assert g.isfinite()
    assert q.log_prob_zero.isfinite()


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.1), (-0.1, 1.0), (0.2, 1.5), (-0.1, 0.9)])
def test_the_interval_must_be_stretched(low, high):
    with pytest.raises(ValueError, match="low < 0 < 1 < high"):
        Stretched(Kumaraswamy(1.0, 1.0), low, high)


def test_the_base_must_have_a_cdf():
    with pytest.raises(ValueError, match="log_cdf and log_survival"):
        Stretched(Uniform(0.0, 1.0))


@pytest.mark.parametrize("steep", [1.0, 10.0, 30.0])
def test_moments_have_six_digits(steep):
    """For a cdf with a step, against a rule with three times the nodes."""
    q = Stretched(BinaryConcrete(torch.tensor(steep).double(), logits=torch.tensor(0.3).double()))
    z, w = ladder.exact.quadrature(0.0, 1.0, 600)
    survival = q.base.log_survival(q.unstretch(z)).exp()
    ladder.assert_close(q.mean, (w.exp() * survival).sum(), 1e-6)
    second = (2 * w.exp() * z * survival).sum()
    ladder.assert_close(q.variance, second - q.mean**2, 1e-6)
