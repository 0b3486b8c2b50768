"""HardKuma: the masses of Bastings, Aziz and Titov, and the mistake in them that is easily made."""

import pytest
import torch

from tests.distributions import ladder, mutants
from tests.distributions import points as rules
from vilib.distributions import HardKumaraswamy

a, b = torch.tensor(0.7, dtype=torch.double), torch.tensor(0.9, dtype=torch.double)


def test_masses_as_published():
    """P(z = 0) = F(-l / (r - l)) and P(z = 1) = 1 - F((1 - l) / (r - l))."""
    q = HardKumaraswamy(a, b, -0.2, 1.3)
    ladder.assert_close(q.prob_zero, 1 - (1 - (0.2 / 1.5) ** a) ** b)
    ladder.assert_close(q.prob_one, (1 - (1.2 / 1.5) ** a) ** b)


def test_an_unstretched_mass_is_found():
    points, mutant = rules.mixed(rules.unit_interval(), 0, 1), mutants.UnstretchedMass(a, b)
    ladder.assert_mass_one(HardKumaraswamy(a, b), points)
    with pytest.raises(AssertionError):
        ladder.assert_mass_one(mutant, points)
    with pytest.raises(AssertionError):
        ladder.assert_samples(mutant, points, (0, 1))
    with pytest.raises(AssertionError):
        ladder.assert_cdf(mutant, points, (0, 1))


def test_published_picture():
    """At a = b = .5 more than a third of the mass is at the ends, more of it at 1."""
    q = HardKumaraswamy(0.5, 0.5)
    assert 0.15 < q.prob_zero < q.prob_one < 0.21


def test_l0_penalty_reaches_its_target():
    """P(z ≠ 0) is differentiable in both parameters: descend to a rate of 10 %."""
    free = torch.zeros(2, requires_grad=True)
    for _ in range(300):
        q = HardKumaraswamy(*free.exp())
        (g,) = torch.autograd.grad((q.prob_nonzero - 0.1) ** 2, free)
        with torch.no_grad():
            free -= 5 * g
    assert abs(HardKumaraswamy(*free.exp()).prob_nonzero - 0.1) < 1e-2
