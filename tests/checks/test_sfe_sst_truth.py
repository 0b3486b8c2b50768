"""The truths of unit 04's checks, each against a computation that shares nothing with it."""

import pytest
import torch
from torch.distributions import Bernoulli, Independent, kl_divergence

from vilib import exact
from vilib.checks.baseline_optimal import variance
from vilib.checks.gradient_enumerated import true_gradient
from vilib.checks.gradients import gradients
from vilib.checks.hard_then_soft import judge_bias
from vilib.checks.leave_one_out import true_baseline
from vilib.checks.likeliest_mask import likeliest
from vilib.checks.mistake import Mistake
from vilib.checks.past_statistics import by_closed_form
from vilib.checks.rationale_elbo_exact import enumerated_rates
from vilib.checks.sentences import all_masks, draw_sentences, log_mass, random_reward
from vilib.estimators import ScoreFunction, StraightThroughBernoulli
from vilib.estimators.baselines import LeaveOneOut, RunningStandardise

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])


def q_of(logits):
    return Independent(Bernoulli(logits=logits), 1)


@SEEDS
def test_log_mass_is_torchs(seed):
    logits, _, z = draw_sentences(seed)
    torch.testing.assert_close(log_mass(z, logits), q_of(logits).log_prob(z))


@SEEDS
def test_true_gradient_is_the_slope_of_the_expected_reward(seed):
    logits, step = draw_sentences(seed).logits[0, :4].clone(), 1e-5

    def expected(at):
        return exact.expectation(q_of(at[None]), lambda z: random_reward(z, seed)).squeeze()

    nudges = step * torch.eye(4).double()
    rises = [expected(logits + nudge) - expected(logits - nudge) for nudge in nudges]
    slope = torch.stack(rises) / (2 * step)
    torch.testing.assert_close(true_gradient(logits, seed), slope, rtol=1e-6, atol=1e-8)


@SEEDS
def test_enumerated_rates_are_the_closed_form(seed):
    logits, mask, _ = draw_sentences(seed)
    each = kl_divergence(Bernoulli(logits=logits), Bernoulli(torch.full_like(logits, 0.2)))
    torch.testing.assert_close(enumerated_rates(logits, mask, 0.2), (each * mask).sum(-1))


@SEEDS
def test_no_other_constant_has_a_smaller_variance(seed):
    logits, masks = draw_sentences(seed).logits[0, :4], all_masks(4)
    q, score = log_mass(masks, logits).exp(), masks - logits.sigmoid()
    r = random_reward(masks, seed)
    norm = score.square().sum(-1)
    best = (q @ (r * norm)) / (q @ norm)
    at_best = variance(q, score, r - best)
    for other in (best - 0.1, best + 0.1, q @ r, torch.tensor(0.0).double()):
        assert variance(q, score, r - other) >= at_best


@SEEDS
def test_statistics_of_the_past_are_those_of_the_package(seed):
    """`RunningStandardise` sees the same stream, one batch at a time."""
    generator = torch.Generator().manual_seed(seed)
    rewards = torch.randn(8, 4, dtype=torch.double, generator=generator) - 4
    baseline, q, rows = RunningStandardise(decay=0.7), Bernoulli(torch.full((4,), 0.5)), []
    for batch in rewards:
        rows.append([float(baseline.mean), float(baseline.variance) ** 0.5])
        ScoreFunction(baseline)(q, lambda z, r=batch: 0 * z + r)
    mean, sd, *_ = by_closed_form(rewards, decay=0.7)
    torch.testing.assert_close(torch.stack([mean, sd], -1), torch.tensor(rows).double())


@SEEDS
def test_leave_one_out_is_that_of_the_package(seed):
    rewards = torch.randn(5, 3, generator=torch.Generator().manual_seed(seed))
    q = Bernoulli(torch.full((3,), 0.5))
    theirs = LeaveOneOut()(q, lambda z: z, torch.zeros(5, 3), rewards)
    torch.testing.assert_close(true_baseline(rewards), theirs)


@SEEDS
def test_likeliest_mask_is_torchs_mode(seed):
    logits, mask, _ = draw_sentences(seed)
    mode = q_of(logits.masked_fill(~mask, -50.0)).mode
    torch.testing.assert_close(likeliest(logits, mask), mode)


@pytest.mark.parametrize("samples", [2, 3])
def test_a_baseline_with_the_samples_own_reward_shrinks_the_gradient(samples):
    """Over all tuples of masks the mean is (S − 1)/S of the truth; this is why it is refused."""
    logits, masks = draw_sentences(1).logits[0, :2], all_masks(2)
    q, score, r = log_mass(masks, logits).exp(), masks - logits.sigmoid(), random_reward(masks, 1)
    tuples = torch.cartesian_prod(*[torch.arange(4)] * samples).T  # [S, 4ˢ]
    advantage = r[tuples] - r[tuples].mean(0)
    mean = q[tuples].prod(0) @ (advantage[..., None] * score[tuples]).mean(0)
    torch.testing.assert_close(mean, (samples - 1) / samples * ((q * r) @ score))


def test_straight_through_is_seen_to_be_biased_and_the_score_function_is_not():
    logits = torch.tensor([-1.0, 0.8], dtype=torch.double)
    leaf = logits.clone().requires_grad_()

    def f(z):
        return (z[..., 0] * z[..., 1]) ** 2

    (truth,) = exact.gradient(q_of(leaf[None]), f, [leaf])
    torch.manual_seed(1)
    off = {}
    for name, estimator in {"soft": StraightThroughBernoulli(), "score": ScoreFunction()}.items():
        copies = logits.expand(20_000, -1).clone().requires_grad_()
        (g,) = torch.autograd.grad(estimator(q_of(copies), f).sum(), copies)
        off[name] = ((g.mean(0) - truth) / (g.std(0) / len(g) ** 0.5)).abs().max()
    assert off["score"] < 5 < 15 < off["soft"]


def test_an_estimate_without_the_bias_would_be_refused():
    """A slope fitted to (z₁z₂)² has no bias there, and pays for it with a linear reward."""

    class Fitted(torch.autograd.Function):
        """At two words: the right value, and the slope that makes E[∇ (z₁z₂)²] exact."""

        @staticmethod
        def forward(ctx, p, noise):
            ctx.save_for_backward(p)
            return (noise < p).double()

        @staticmethod
        def backward(ctx, gradient):
            (p,) = ctx.saved_tensors
            # straight-through gives 2 p₁p₂ where p₂ is right: divide by 2 p₁, word by word
            return gradient / (2 * p), None

    def fitted(a, noise):
        p = torch.sigmoid(a).expand_as(noise)
        return Fitted.apply(p, noise)

    with pytest.raises(Mistake, match="linear"):
        judge_bias(fitted, seed=1)


def test_gradients_name_what_is_cut_off():
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(Mistake, match="detached"):
        gradients("it", x.detach() * 2, x)
    with pytest.raises(Mistake, match="return"):
        gradients("it", None, x)
    with pytest.raises(Mistake, match="float came back"):
        gradients("it", 1.0, x)
    y = torch.ones(2, requires_grad=True)
    (in_x, in_y) = gradients("it", 2 * x, x, y)
    assert in_x.tolist() == [2, 2]
    assert in_y.tolist() == [0, 0]
