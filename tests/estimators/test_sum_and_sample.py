"""Sum and sample: its mean and its variance over every choice, and the mistakes made with it."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, Normal, OneHotCategorical

from tests.estimators.every_choice import assert_exact_mean, by_choices
from tests.estimators.measure import build, by_outcomes, estimates
from tests.estimators.problems import categorical_vae, ladder, vae
from vilib import exact
from vilib.estimators import Enumeration, Estimator, ScoreFunction, SumAndSample, k_likeliest
from vilib.estimators.baselines import Constant, LeaveOneOut, RunningMean
from vilib.exact.expectation import weighted_sum

FAMILIES = ("bernoulli", "bernoulli_at_0", "pair", "categorical", "one_hot", "one_hot_pair")


@pytest.mark.parametrize("k", [1, 2, 3, 20])
@pytest.mark.parametrize("family", FAMILIES)
def test_mean_is_exact(family, k):
    assert_exact_mean(SumAndSample(k), ladder(family, "nonlinear"))


@pytest.mark.parametrize("baseline", [Constant(0.7), LeaveOneOut()])
@pytest.mark.parametrize("family", ["pair", "categorical"])
def test_mean_is_exact_with_a_baseline(family, baseline):
    for k in (1, 2):
        assert_exact_mean(SumAndSample(k, baseline), ladder(family, "weighted"), 2)


@pytest.mark.parametrize("k", [1, 3])
def test_mean_is_exact_for_encoder_and_decoder(k):
    assert_exact_mean(SumAndSample(k), vae())
    assert_exact_mean(SumAndSample(k, Constant(-3.0)), vae())


def test_mean_is_exact_for_one_hot_rows():
    assert_exact_mean(SumAndSample(2), categorical_vae())


def test_mean_is_exact_with_four_bits():
    assert_exact_mean(SumAndSample(5), ladder("four", "nonlinear"))


def test_mean_is_exact_at_the_running_mean_of_the_past():
    estimator = SumAndSample(1, RunningMean())
    estimates(estimator, ladder("pair", "weighted"), 2, 10)
    estimator.baseline.frozen = True
    assert estimator.baseline.mean.abs() > 0.01
    assert_exact_mean(estimator, ladder("pair", "weighted"), 2)
    estimator.reset()
    assert estimator.baseline.mean == 0


@pytest.mark.parametrize("name", ["score_function_leave_one_out", "score_function_second_sample"])
@pytest.mark.parametrize("family", ["pair", "categorical", "one_hot"])
def test_every_choice_is_every_outcome(family, name):
    # where all draws are draws from q, both ways of forcing them agree
    problem = ladder(family, "nonlinear")
    for a, b in zip(*(by(build(name), problem, 2)[:2] for by in (by_choices, by_outcomes))):
        assert torch.allclose(a, b, rtol=1e-4, atol=1e-6)


# --- variance


@pytest.mark.parametrize("baseline", [None, Constant(0.7)])
@pytest.mark.parametrize(
    ("problem", "samples"),
    [("pair-weighted", 1), ("pair-nonlinear", 2), ("categorical-nonlinear", 2), ("vae", 1)],
)
def test_variance_is_below_the_score_function_s(problem, samples, baseline):
    # Rao and Blackwell: at most r Var, for every component
    problem = vae() if problem == "vae" else ladder(*problem.split("-"))
    plain = by_outcomes(ScoreFunction(baseline), problem, samples).variance
    before = plain
    for k in (1, 2, 3):
        r = k_likeliest(problem.build(1)[0], k).rest.mass.item()
        found = by_choices(SumAndSample(k, baseline), problem, samples).variance
        assert (found <= r * plain * (1 + 1e-4) + 1e-6).all()
        # and it falls with k
        assert found.sum() <= before.sum() * (1 + 1e-4)
        before = found
    assert found.sum() < plain.sum() / 2


@pytest.mark.parametrize("family", ["bernoulli", "pair", "categorical"])
def test_no_variance_where_everything_is_summed(family):
    problem = ladder(family, "nonlinear")
    q, f, _ = problem.build(1)
    N = len(exact.enumerate_support(q).values)
    # with one value left there is nothing left to chance either
    for k in (N - 1, N, N + 3):
        assert by_choices(SumAndSample(k), problem, 1).variance.max() < 1e-10
    assert torch.allclose(SumAndSample(N)(q, f), Enumeration()(q, f))


@pytest.mark.parametrize("family", ["pair", "categorical"])
def test_measured_variance_is_the_enumerated_one(family):
    problem = ladder(family, "weighted")
    mean, variance, _ = by_choices(SumAndSample(1), problem, 2)
    squares = ((estimates(SumAndSample(1), problem, 2, 100_000) - mean) ** 2).sum(1)
    five_errors = 5 * squares.std() / len(squares) ** 0.5
    assert five_errors <= 0.06 * variance.sum()
    assert (squares.mean() - variance.sum()).abs() <= five_errors


# --- by hand


def test_one_sample_by_hand():
    a = torch.tensor([[2.0, 1.0, 0.5, -1.0]], requires_grad=True)
    w = torch.tensor([1.0, -2.0, 0.5, 3.0], requires_grad=True)
    seen = []

    def f(z):
        seen.append(z)
        return w[z] ** 2

    surrogate = SumAndSample(2)(Categorical(logits=a), f)
    found_a, found_w = torch.autograd.grad(surrogate.sum(), [a, w])
    assert [tuple(z.shape) for z in seen] == [(3, 1)]
    assert seen[0][:2, 0].tolist() == [0, 1]
    s = seen[0][2].item()
    assert s in (2, 3)
    p, F, eye = a.detach()[0].softmax(-1), w.detach() ** 2, torch.eye(4)
    r = p[2] + p[3]
    score = eye - p  # ∇log p_v, one row per v
    assert torch.allclose(surrogate, p[0] * F[0] + p[1] * F[1] + r * F[s])
    expected = p[0] * F[0] * score[0] + p[1] * F[1] * score[1] + r * F[s] * score[s]
    assert torch.allclose(found_a[0], expected)
    weights = p[0] * eye[0] + p[1] * eye[1] + r * eye[s]
    assert torch.allclose(found_w, 2 * w.detach() * weights)


def test_the_values_mean_is_the_expectation():
    problem = ladder("pair", "nonlinear")
    q, f, _ = problem.build(50_000)
    values = SumAndSample(1)(q, f, 2).detach().double()
    truth = exact.expectation(q, f)[0]
    error = values.std() / len(values) ** 0.5
    assert 5 * error < 0.02 * truth.abs()
    assert (values.mean() - truth).abs() < 5 * error


# --- mistakes


class Mutant(Estimator):
    """Sum and sample in the published shape, to be spoilt in one place."""

    def __init__(self, k=1):
        self.k = k

    def weight(self, rest):
        return rest.mass

    def draw(self, q, rest, num_samples):
        return rest.sample(num_samples)

    def summed(self, log_q, values):
        return weighted_sum(log_q, values)

    def sampled(self, score, values):
        return values + values.detach() * (score - score.detach())

    def __call__(self, q, f, num_samples=1):
        z, log_q, rest = k_likeliest(q, self.k)
        drawn = self.draw(q, rest, num_samples)
        values = f(torch.cat([z, drawn]))
        sampled = self.sampled(q.log_prob(drawn), values[len(z) :]).mean(0)
        return self.summed(log_q, values[: len(z)]) + self.weight(rest) * sampled


class DirectTwice(Mutant):
    """f's gradient flows once with the weights and once more with the score term."""

    def summed(self, log_q, values):
        once_more = (log_q.exp().detach() * values).sum(0)
        return super().summed(log_q, values) + once_more - once_more.detach()

    def sampled(self, score, values):
        return super().sampled(score, values) + values - values.detach()


class RewardNotDetached(Mutant):
    """The score term differentiates f: the decoder is pulled by 1 + log q."""

    def summed(self, log_q, values):
        return (log_q.exp().detach() * (values * log_q + values)).sum(0)

    def sampled(self, score, values):
        return values * score + values


class RestFromQ(Mutant):
    def draw(self, q, rest, num_samples):
        return q.sample((num_samples,))


class WeightMissing(Mutant):
    def weight(self, rest):
        return 1.0


class SumWithoutWeightGradient(Mutant):
    """The weights of the sum are constants: nothing tells q that those values are good."""

    def summed(self, log_q, values):
        return (log_q.exp().detach() * values).sum(0)


class SumWithScoreAndWeight(Mutant):
    """The weights are differentiated, and the score term is there too."""

    def summed(self, log_q, values):
        return (log_q.exp() * (values + values.detach() * (log_q - log_q.detach()))).sum(0)


class BaselineNotGivenBack(Mutant):
    """A baseline on the rest alone, where its scores have a mean."""

    def sampled(self, score, values):
        return values + (values.detach() - 5.0) * (score - score.detach())


MUTANTS = (
    DirectTwice,
    RewardNotDetached,
    RestFromQ,
    WeightMissing,
    SumWithoutWeightGradient,
    SumWithScoreAndWeight,
    BaselineNotGivenBack,
)


@pytest.mark.parametrize("k", [1, 2])
def test_unspoilt(k):
    assert_exact_mean(Mutant(k), vae())
    assert_exact_mean(Mutant(k), ladder("categorical", "weighted"))


@pytest.mark.parametrize("mutant", MUTANTS)
def test_mutants_die(mutant):
    with pytest.raises(AssertionError, match="off by"):
        assert_exact_mean(mutant(2), vae())


def test_only_the_decoder_shows_that_f_is_counted_twice():
    problem = vae()
    truth = problem.gradient().double()
    for estimator, factor in ((SumAndSample(2), 1), (DirectTwice(2), 2)):
        found = by_choices(estimator, problem, 1).mean
        # the encoder's 12 weights meet f's gradient only through -log q, whose mean is 0
        assert torch.allclose(found[:12], truth[:12], rtol=1e-4, atol=1e-4)
        assert torch.allclose(found[12:], factor * truth[12:], rtol=1e-4, atol=1e-4)


# --- the contract


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("logit", [40.0, -40.0, 0.0])
def test_extreme_logits(logit, dtype):
    a = torch.tensor([[logit, 0.0], [logit, logit]], dtype=dtype, requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    f = lambda z: 1.0 + 2.0 * z[..., 0] + z[..., 0] * z[..., 1]  # noqa: E731
    for k in (1, 3, 4):
        surrogate = SumAndSample(k)(q, f, 400)
        assert surrogate.dtype == dtype
        (g,) = torch.autograd.grad(surrogate.sum(), a)
        assert g.isfinite().all()
        p = 1 / (1 + math.exp(-logit))
        truth = p * (1 - p) * 2.5 if k == 4 else None
        assert truth is None or g[0, 0].item() == pytest.approx(truth, rel=2e-2, abs=1e-6)


def test_one_bit_at_logit_40_is_exact_to_the_last_digit():
    # p (1 - p) = 4e-18 would be 0 if r were 1 - p
    for dtype in (torch.float32, torch.float64):
        a = torch.tensor([40.0], dtype=dtype, requires_grad=True)
        surrogate = SumAndSample(1)(Bernoulli(logits=a), lambda z: 1 - z)
        (g,) = torch.autograd.grad(surrogate.sum(), a)
        assert g.item() == pytest.approx(-math.exp(-40), rel=1e-5)


def test_where_f_is_infinite_and_q_has_no_mass():
    p = torch.tensor([[0.0, 0.3, 0.7, 0.0], [0.25, 0.25, 0.25, 0.25]], requires_grad=True)
    f = lambda z: torch.where((z == 0) & (torch.arange(2) == 0), torch.inf, z * 1.0)  # noqa: E731
    for k in (1, 2, 3, 4):
        surrogate = SumAndSample(k)(Categorical(p), f, 5)
        assert surrogate[0].item() == pytest.approx(1.7, rel=1e-5)
        (g,) = torch.autograd.grad(surrogate.sum(), p)
        assert g.isfinite().all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bernoulli(logits=torch.randn(())),
        lambda: Independent(Bernoulli(logits=torch.randn(3)), 1),
        lambda: Categorical(logits=torch.randn(4)),
        lambda: OneHotCategorical(logits=torch.randn(4)),
        lambda: Bernoulli(logits=torch.randn(2, 3)),
        lambda: Independent(OneHotCategorical(logits=torch.randn(2, 3, 4)), 1),
        lambda: Categorical(logits=torch.randn(2, 1)),
    ],
)
def test_shapes(make):
    q = make()
    f = lambda z: z.flatten(1 + len(q.batch_shape)).sum(-1) * 1.0 if q.event_shape else z * 1.0  # noqa: E731
    for k in (1, 3, 100):
        with torch.no_grad():
            surrogate = SumAndSample(k)(q, f, 2)
        assert surrogate.shape == q.batch_shape
        assert not surrogate.requires_grad


def test_datapoints_do_not_mix():
    a = torch.randn(5, 4, requires_grad=True)
    q = Independent(Bernoulli(logits=a), 1)
    surrogate = SumAndSample(3)(q, lambda z: (z.sum(-1) - 0.7) ** 2, 3)
    (g,) = torch.autograd.grad(surrogate[2], a)
    assert g[2].abs().sum() > 0
    assert g[[0, 1, 3, 4]].abs().sum() == 0


def test_what_cannot_be_served_is_refused():
    with pytest.raises(ValueError, match="no finite support"):
        SumAndSample()(Normal(torch.zeros(2), 1.0), lambda z: z)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        SumAndSample(0)(Bernoulli(torch.ones(2) / 2), lambda z: z)
    with pytest.raises(ValueError, match=r"\[3, 2\], got \[3\]"):
        SumAndSample(1)(Bernoulli(torch.ones(2) / 2), lambda z: z.sum(-1), 2)
