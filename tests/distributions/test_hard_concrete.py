"""Hard Concrete: the formulas of Louizos, Welling and Kingma, and what is easily left out."""

import pytest
import torch

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from vilib.distributions import HardConcrete

α = torch.tensor(-0.5, dtype=torch.double)


def test_expected_norm_as_published():
    """P(z ≠ 0) = σ(log α - β log(-γ / ζ))."""
    α = torch.linspace(-5, 5, 11)
    q = HardConcrete(2 / 3, logits=α, low=-0.1, high=1.1)
    want = (α - 2 / 3 * torch.tensor(0.1 / 1.1).log()).sigmoid()
    ladder.assert_close(q.prob_nonzero, want)
    ladder.assert_close(q.prob_zero, 1 - want)
    # at x₁ = 1.1 / 1.2 the odds are 11
    ladder.assert_close(q.prob_one, (α - 2 / 3 * torch.tensor(11.0).log()).sigmoid())


def test_probs_and_logits_are_the_same():
    p = HardConcrete(0.5, probs=torch.tensor([0.2, 0.7]))
    q = HardConcrete(0.5, logits=torch.tensor([0.2, 0.7]).logit())
    ladder.assert_close(p.log_prob(torch.tensor(0.3)), q.log_prob(torch.tensor(0.3)), 1e-5)
    ladder.assert_close(p.logits, q.logits, 1e-5)
    for arguments in ({}, {"probs": 0.5, "logits": 0.0}):
        with pytest.raises(ValueError, match="not both"):
            HardConcrete(0.5, **arguments)


def test_a_density_without_the_jacobian_is_found():
    points = rules.mixed(rules.unit_interval(), 0, 1)
    ladder.assert_mass_one(HardConcrete(0.66, logits=α), points)
    with pytest.raises(AssertionError):
        ladder.assert_mass_one(mutants.NoJacobian(0.66, logits=α), points)


def test_a_test_time_gate_is_not_the_mean():
    points = rules.mixed(rules.unit_interval(), 0, 1)
    ladder.assert_moments(HardConcrete(0.66, logits=α), points)
    with pytest.raises(AssertionError):
        ladder.assert_moments(mutants.BaseMean(0.66, logits=α), points)


@pytest.mark.parametrize("logit", [-40.0, 0.0, 40.0])
def test_extreme_logits(logit):
    q = HardConcrete(2 / 3, logits=torch.tensor(logit))
    assert abs(q.prob_zero + q.prob_one + (q.prob_nonzero - q.prob_one) - 1) < 1e-6
    assert q.log_prob(torch.tensor([0.0, 0.5, 1.0])).isfinite().all()
    if logit:
        assert (q.sample((1000,)) == (logit > 0)).all()
