"""EM climbs what it should: the ELBO in both half-steps, log p(x) + log p(θ) in whole ones."""

from itertools import pairwise

import pytest
import torch
from torch.distributions import Categorical

from tests.models.test_mixture import small
from vilib import exact
from vilib.models import Mixture, bound, em, log_smoothing, m_step, partial_e_step, random_mixture

COUNTS = torch.randint(0, 4, (12, 5), generator=torch.Generator().manual_seed(1)).double()


def start(seed=1):
    return random_mixture(COUNTS, 3, torch.Generator().manual_seed(seed))


def objective(mixture, smoothing):
    return float(mixture.log_evidence(COUNTS).sum() + log_smoothing(mixture, smoothing))


@pytest.mark.parametrize("smoothing", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_objective_never_falls_and_is_the_one_that_is_told(seed, smoothing):
    run = em(start(seed), COUNTS, 25, smoothing)
    assert len(run.trace) == 26
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(run.trace))
    assert run.trace[0] == pytest.approx(objective(start(seed), smoothing))
    assert run.trace[-1] == pytest.approx(objective(run.mixture, smoothing))


def test_with_smoothing_log_evidence_alone_may_fall():
    best = em(start(), COUNTS, 300).mixture
    smooth = em(best, COUNTS, 1, smoothing=3.0).mixture
    assert smooth.log_evidence(COUNTS).sum() < best.log_evidence(COUNTS).sum()


def test_bound_is_the_enumerated_elbo_and_touches():
    mixture = small(V=5)
    table = mixture.log_joint(COUNTS)
    q = torch.randn(12, 3, generator=torch.Generator().manual_seed(2)).double().softmax(-1)
    row = torch.arange(12)
    truth = exact.elbo(Categorical(q), lambda z: table[row, z])
    torch.testing.assert_close(bound(q, table), truth)
    torch.testing.assert_close(bound(table.softmax(-1), table), mixture.log_evidence(COUNTS))
    hard = torch.eye(3).double()[table.argmax(-1)]
    torch.testing.assert_close(bound(hard, table), table.max(-1).values)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.0])
def test_a_partial_e_step_raises_the_bound_up_to_the_evidence(share):
    table = small(V=5).log_joint(COUNTS)
    q = torch.randn(12, 3, generator=torch.Generator().manual_seed(2)).double().softmax(-1)
    moved = partial_e_step(q, table, share)
    torch.testing.assert_close(moved.sum(-1), torch.ones(12).double())
    assert bool((bound(moved, table) >= bound(q, table) - 1e-12).all())
    if share == 1.0:
        torch.testing.assert_close(moved, table.softmax(-1))


def test_the_m_step_is_stationary_and_no_neighbour_is_better():
    q = torch.randn(12, 3, generator=torch.Generator().manual_seed(2)).double().softmax(-1)
    best = m_step(q, COUNTS, 0.7)

    def value(mixture):
        return bound(q, mixture.log_joint(COUNTS)).sum() + log_smoothing(mixture, 0.7)

    leaves = [part.clone().requires_grad_() for part in best]
    slopes = torch.autograd.grad(value(Mixture(*(x.log_softmax(-1) for x in leaves))), leaves)
    assert all(float(slope.abs().max()) < 1e-9 for slope in slopes)
    generator = torch.Generator().manual_seed(3)
    for _ in range(20):
        shaken = [p + 0.1 * torch.randn(p.shape, generator=generator).double() for p in best]
        assert value(Mixture(*(x.log_softmax(-1) for x in shaken))) < value(best)


def test_alike_components_stay_alike():
    alike = random_mixture(COUNTS, 3, torch.Generator().manual_seed(1), spread=0.0)
    run = em(alike, COUNTS, 10, 0.5)
    torch.testing.assert_close(run.mixture.log_words[0], run.mixture.log_words[2])


def test_em_with_partial_e_steps_can_lower_the_evidence_but_not_the_bound():
    """What the lesson says of half-way E-steps, on the reviews of its staircase."""
    from vilib.figures.em_problem import Reviewers
    from vilib.figures.em_state import State, climb

    steps = climb(State(Reviewers("two", 0.5), start=0.75, count=20, share=0.5))
    elbos, evidences = [s.elbo for s in steps], [s.log_evidence for s in steps]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(elbos))
    assert any(later < earlier - 0.1 for earlier, later in pairwise(evidences))
    full = climb(State(Reviewers("two", 0.5), start=0.75, count=20))
    evidences = [s.log_evidence for s in full]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(evidences))
