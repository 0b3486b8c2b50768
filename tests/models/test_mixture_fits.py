"""Gradient and amortised fits: objectives that rise, gaps that are KLs, places where they agree."""

import pytest
import torch

from tests.models.test_em import COUNTS, start
from vilib.models import (
    MixtureEncoder,
    amortised_gap,
    bound,
    em,
    fit_amortised,
    fit_by_gradient,
    log_smoothing,
)


def test_the_gradient_gets_where_em_gets():
    begin = em(start(), COUNTS, 3, 0.5).mixture
    climbed = em(begin, COUNTS, 2000, 0.5)
    fit = fit_by_gradient(begin, COUNTS, 2000, 0.05, 0.5)
    assert fit.trace[0] == pytest.approx(climbed.trace[0])
    assert fit.trace[-1] == pytest.approx(climbed.trace[-1], abs=1e-3)
    assert fit.encoder is None


def test_ems_fixed_point_is_stationary_for_the_gradient():
    end = em(start(), COUNTS, 5000, 0.5).mixture
    leaves = [part.clone().requires_grad_() for part in end]
    moved = type(end)(*(leaf.log_softmax(-1) for leaf in leaves))
    value = moved.log_evidence(COUNTS).sum() + log_smoothing(moved, 0.5)
    for slope in torch.autograd.grad(value, leaves):
        assert float(slope.abs().max()) < 1e-5


def test_gaps_sum_to_evidence_minus_bound():
    torch.manual_seed(1)
    encoder, mixture = MixtureEncoder(5, 3).double(), start()
    gap = amortised_gap(encoder, mixture, COUNTS)
    with torch.no_grad():
        elbo = bound(encoder(COUNTS).exp(), mixture.log_joint(COUNTS))
    torch.testing.assert_close(gap, mixture.log_evidence(COUNTS) - elbo)
    assert bool((gap >= 0).all())


def test_an_encoder_alone_closes_the_gap_and_leaves_the_mixture():
    torch.manual_seed(1)
    encoder, mixture = MixtureEncoder(5, 3).double(), start()
    before = amortised_gap(encoder, mixture, COUNTS).mean()
    fit = fit_amortised(mixture, COUNTS, encoder, 400, 0.0, 0.02, 0.5)
    torch.testing.assert_close(fit.mixture.log_words, mixture.log_words)
    assert fit.encoder is encoder
    assert float(amortised_gap(encoder, mixture, COUNTS).mean()) < 0.02 * float(before)
    ceiling = float(mixture.log_evidence(COUNTS).sum() + log_smoothing(mixture, 0.5))
    assert fit.trace[0] < fit.trace[-1] <= ceiling + 1e-9


def test_a_fit_changes_neither_its_start_nor_a_second_run():
    begin = start()
    kept = [part.clone() for part in begin]
    one = fit_by_gradient(begin, COUNTS, 20, 0.1)
    two = fit_by_gradient(begin, COUNTS, 20, 0.1)
    assert one.trace == two.trace
    assert all(torch.equal(a, b) for a, b in zip(begin, kept))
    assert not any(part.requires_grad for part in one.mixture)
