"""No Monte Carlo error at all: the mean over every outcome, weighed, is the exact gradient."""

import pytest
import torch
from torch.distributions import Bernoulli, Independent, OneHotCategorical

from tests.estimators.measure import (
    DRAW_OTHERWISE,
    assert_exactly_unbiased,
    build,
    by_outcomes,
    freeze,
    observe,
    warm,
)
from tests.estimators.problems import VAES, ladder
from vilib.estimators import ALL

DISCRETE = [n for n, e in ALL.items() if e.kind != "continuous"]
UNBIASED = [n for n in DISCRETE if ALL[n].unbiased and n not in DRAW_OTHERWISE]
SMALL = [
    ("bernoulli-nonlinear", 2),
    ("bernoulli_at_0-nonlinear", 2),
    ("pair-weighted", 2),
    ("categorical-nonlinear", 2),
    ("one_hot-weighted", 2),
    ("one_hot_pair-nonlinear", 1),
    ("four-nonlinear", 1),
]


def problem_of(name, problem):
    """One rung of the ladder; a log weight for estimators of tighter bounds."""
    return ladder(*problem.split("-"), weights=ALL[name].bound == "iwae")


@pytest.mark.parametrize(("problem", "samples"), SMALL)
@pytest.mark.parametrize("name", UNBIASED)
def test_mean_over_outcomes_is_exact(name, problem, samples):
    samples = max(samples, ALL[name].min_samples)
    problem = problem_of(name, problem)
    estimator = warm(build(name), problem, samples)
    assert_exactly_unbiased(estimator, problem, samples, ALL[name].bound)


@pytest.mark.parametrize("name", UNBIASED)
def test_a_fresh_estimator_is_unbiased_too(name):
    problem, entry = problem_of(name, "pair-weighted"), ALL[name]
    assert_exactly_unbiased(build(name), problem, entry.min_samples, entry.bound)


@pytest.mark.parametrize("vae", ["vae", "categorical_vae"])
@pytest.mark.parametrize("name", UNBIASED)
def test_vae_encoder_and_decoder(name, vae):
    problem, samples = VAES[vae](), ALL[name].min_samples
    estimator = warm(build(name), problem, samples)
    assert_exactly_unbiased(estimator, problem, samples, ALL[name].bound)


@pytest.mark.parametrize("name", DISCRETE)
def test_what_is_left_out_here_draws_otherwise(name):
    """With q.sample forced, the others have no randomness left; these have."""
    bits = Independent(Bernoulli(logits=torch.zeros(50, 4), validate_args=False), 1, False)
    rows = Independent(OneHotCategorical(logits=torch.zeros(50, 2, 3)), 1)
    q = bits if ALL[name].accepts(bits) else rows
    forced, estimator, runs = q.sample((30,)), build(name), []
    q.sample = lambda shape: forced[: shape[0]]
    for seed in (1, 2):
        torch.manual_seed(seed)
        observe(estimator, 50)
        runs.append(estimator(q, lambda z: (z.flatten(2).cumsum(-1) ** 2).sum(-1), 30))
        estimator.reset()
    assert torch.equal(*runs) == (name not in DRAW_OTHERWISE)


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
