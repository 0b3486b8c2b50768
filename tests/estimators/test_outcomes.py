"""No Monte Carlo error at all: the mean over every outcome, weighed, is the exact gradient."""

import pytest
import torch

from tests.estimators.measure import (
    assert_exactly_unbiased,
    build,
    by_outcomes,
    freeze,
    warm,
)
from tests.estimators.problems import ladder, vae
from vilib.estimators import ALL

UNBIASED = [n for n, e in ALL.items() if e.unbiased and e.kind != "continuous"]
SMALL = [
    ("bernoulli-nonlinear", 2),
    ("bernoulli_at_0-nonlinear", 2),
    ("pair-weighted", 2),
    ("categorical-nonlinear", 2),
    ("one_hot-weighted", 2),
    ("four-nonlinear", 1),
]


@pytest.mark.parametrize(("problem", "samples"), SMALL)
@pytest.mark.parametrize("name", UNBIASED)
def test_mean_over_outcomes_is_exact(name, problem, samples):
    if ALL[name].min_samples > samples:
        samples = ALL[name].min_samples
    problem = ladder(*problem.split("-"))
    estimator = warm(build(name), problem, samples)
    assert_exactly_unbiased(estimator, problem, samples)


@pytest.mark.parametrize("name", UNBIASED)
def test_a_fresh_estimator_is_unbiased_too(name):
    assert_exactly_unbiased(build(name), ladder("pair", "weighted"), ALL[name].min_samples)


@pytest.mark.parametrize("name", UNBIASED)
def test_vae_encoder_and_decoder(name):
    problem, samples = vae(), ALL[name].min_samples
    estimator = warm(build(name), problem, samples)
    assert_exactly_unbiased(estimator, problem, samples)


def test_standardised_rewards_keep_the_direction_and_shrink_the_length():
    problem = ladder("pair", "weighted", scale=20.0)
    estimator = warm(build("score_function_running_standardise"), problem, 1)
    freeze(estimator)
    scale = estimator.baseline.scale.item()
    assert scale > 2
    mean, truth = by_outcomes(estimator, problem, 1).mean, problem.gradient().double()
    assert torch.allclose(mean * scale, truth, rtol=1e-4)
    with pytest.raises(AssertionError, match="off by"):
        assert_exactly_unbiased(estimator, problem, 1)
    estimator.reset()
    assert_exactly_unbiased(estimator, problem, 1)


def test_straight_through_is_biased_as_its_formula_says():
    # one Bernoulli at logit -1.5, f = (z - .2)²: it reports p (1 - p) E[2 (z - .2)]
    problem = ladder("bernoulli", "quadratic")
    p = problem.leaves[0].double().sigmoid()
    mean = by_outcomes(build("straight_through_bernoulli"), problem, 1).mean
    truth = problem.gradient().double()
    assert torch.allclose(mean, p * (1 - p) * 2 * (p - 0.2), rtol=1e-4)
    assert torch.allclose(truth, p * (1 - p) * (0.64 - 0.04), rtol=1e-4)
    assert (mean - truth).abs() > 0.5 * truth.abs()
