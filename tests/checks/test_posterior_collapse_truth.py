"""The truths of unit 07's checks, each against a computation that shares nothing with it."""

import math

import pytest
import torch
from torch.distributions import Categorical, Normal, kl_divergence

from vilib import bounds
from vilib.checks import (
    active_units_counted,
    free_bits_exact,
    kl_per_dimension_exact,
    mutual_information_exact,
    perplexity_exact,
    rate_distortion_exact,
    rate_stays_free,
    sentence_log_likelihood_exact,
    words_dropped,
)
from vilib.models import BetaSchedule

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


@SEEDS
def test_multiplied_probabilities_are_torchs(seed):
    logits, targets, mask = sentence_log_likelihood_exact.draw(seed, 6)
    truth = sentence_log_likelihood_exact.by_multiplying(logits, targets, mask)
    each = Categorical(logits=logits).log_prob(targets)
    torch.testing.assert_close(truth, (each * mask).sum(-1))


@SEEDS
def test_enumerated_rate_and_distortion(seed):
    data, q, prior, log_p = rate_distortion_exact.draw(seed, 5, 4)
    torch.testing.assert_close(log_p.exp().sum(0), torch.ones(4).double())
    rate, distortion = rate_distortion_exact.enumerated(data, q, prior, log_p)
    posterior, code = Categorical(q), Categorical(prior.expand(5, 4))
    torch.testing.assert_close(rate, data @ kl_divergence(posterior, code))
    torch.testing.assert_close(distortion, -data @ torch.einsum("nk,nk->n", q, log_p))
    rated = bounds.rate_distortion(
        Categorical(q), lambda z: log_p[torch.arange(5), z], code, num_samples=1
    )
    torch.testing.assert_close(rate, data @ rated.rate)


def test_quadrature_is_the_closed_form():
    mean = torch.tensor([[0.0, 1.5, -3.0]]).double()
    log_variance = torch.tensor([[0.0, -2.0, 0.4]]).double()
    q = Normal(mean, (0.5 * log_variance).exp())
    prior = Normal(torch.zeros(1, 3).double(), 1.0)
    torch.testing.assert_close(
        kl_per_dimension_exact.by_quadrature(mean, log_variance), kl_divergence(q, prior)
    )


@SEEDS
def test_means_have_the_variances_that_are_claimed(seed):
    variances = active_units_counted.draw(seed).var(0).sort().values
    expected = torch.tensor(sorted(active_units_counted.SPREADS)).double()
    torch.testing.assert_close(variances, expected)
    # the other convention, without correction, must not change a count
    for convention in (0, 1):
        spread = active_units_counted.draw(seed).var(0, correction=convention)
        assert ((spread > 0.01).sum(), (spread > 0.3).sum()) == (5, 3)


@SEEDS
def test_every_known_mistake_counts_another_number_of_units(seed):
    mistakes = active_units_counted.known_mistakes(active_units_counted.draw(seed), 0.01)
    counts = [float(v) for v in mistakes.values() if v.dim() == 0]
    # at .01 a fixed threshold is the right one: it shows at the second
    wrong = [count for count in counts if count != 5]
    assert len(wrong) == len(counts) - 1
    assert len(set(wrong)) == len(wrong)


@SEEDS
def test_rates_straddle_the_threshold_within_each_dimension(seed):
    kl = free_bits_exact.draw(seed, 0.5)
    mean = kl.mean(0)
    torch.testing.assert_close(mean, 0.5 * torch.tensor(free_bits_exact.LEVELS).double())
    assert bool(((kl > 0.5).any(0) & (kl < 0.5).any(0))[1:].all())
    assert mean[0] < 0.5 / 5, "so that a threshold shared by 4 dimensions or 5 sentences shows"
    assert mean.sum() < 4 * 0.5, "so that a threshold on the total shows"
    truth = sum(max(0.5, m) for m in mean.tolist())
    assert bounds.free_bits(kl, 0.5).item() == pytest.approx(truth)


@pytest.mark.parametrize("seed", range(0, 300, 7))
def test_rates_stop_at_the_threshold_wherever_they_start(seed):
    rates = rate_stays_free.descend(bounds.free_bits, seed, 0.4) / 0.4
    assert rates.min() > 0.85
    assert rates.max() < 1.2
    assert rate_stays_free.without_free_bits(seed).max() < 0.01


@SEEDS
def test_dropped_words_are_known_one_by_one(seed):
    inputs, noise = words_dropped.draw(seed)
    words = inputs > 2
    for rate in (0.0, 0.4, 1.0):
        truth = words_dropped.one_by_one(inputs, noise, rate)
        assert torch.equal(truth, inputs.masked_fill(words & (noise < rate), 1))
        kinds = [(inputs == mark) & (noise < 0.4) for mark in (0, 2)]
        assert all(kind.any() for kind in kinds), "noise must tempt at padding and at <bos>"


@SEEDS
def test_information_is_the_kl_of_joint_and_product(seed):
    log_q = mutual_information_exact.draw(seed, 3, 4)
    joint = log_q.exp() / 3
    product = joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True)
    expected = (joint * (joint / product).log()).sum()
    torch.testing.assert_close(mutual_information_exact.information(log_q), expected)


@SEEDS
def test_the_estimate_is_unbiased_for_the_finite_set(seed):
    log_q = mutual_information_exact.draw(seed, 3, 4)
    mean, negative, count = mutual_information_exact.over_all_draws(
        mutual_information_exact.by_summing, log_q
    )
    torch.testing.assert_close(mean, mutual_information_exact.information(log_q))
    assert 0 < negative < count == 64


@SEEDS
def test_perplexity_is_that_of_the_bounds(seed):
    generator = torch.Generator().manual_seed(seed)
    log_w = torch.randn(5, 4, generator=generator, dtype=torch.double) - 20
    words = torch.tensor([4.0, 9.0, 2.0, 7.0]).double()
    expected = bounds.perplexity(bounds.log_mean_exp(log_w), words)
    torch.testing.assert_close(perplexity_exact.by_summing(log_w, words), expected)


def test_schedules_of_the_package_pass_the_checks():
    from vilib import checks

    for seed in range(12):
        checks.linear_beta_is_exact(lambda i, w: bounds.beta_linear(i, w), seed=seed)
        checks.cyclical_beta_is_exact(
            lambda i, c, r: BetaSchedule(0.0, r / c)(i % c, c) if i % c < r else 1.0, seed=seed
        )
    assert math.isclose(bounds.beta_cyclical(5, 40), 1.0)
