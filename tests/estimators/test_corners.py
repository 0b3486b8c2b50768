"""What a user meets sooner or later: caches, impossible values, empty batches, evaluation."""

import copy

import pytest
import torch
from torch import nn
from torch.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    Independent,
    Normal,
    Poisson,
    TransformedDistribution,
    Uniform,
)
from torch.distributions.transforms import AffineTransform, TanhTransform

from tests.estimators.measure import build
from vilib import exact
from vilib.estimators import ALL, DReG, Pathwise, Rebar, ScoreFunction
from vilib.estimators.baselines import Argmax, Baseline, Network, RunningMean, RunningStandardise

BLACK_BOX = ("score_function", "score_function_leave_one_out", "vimco", "dreg")


def slopes(estimator, transform, copies=20_000):
    """The estimator's mean gradient in m and log s of m + s·ε, and its standard error."""
    m, s = (torch.full((copies,), v, requires_grad=True) for v in (0.3, 0.0))
    q = TransformedDistribution(Normal(torch.zeros(copies), 1.0), transform(m, s))
    total = estimator(q, lambda z: -((z - 1) ** 2), 2).sum()
    g = torch.stack(torch.autograd.grad(total, (m, s)))
    return g.mean(1), g.std(1) / copies**0.5


@pytest.mark.parametrize("name", BLACK_BOX)
def test_a_transform_that_caches_changes_nothing(name):
    cached = lambda m, s: [AffineTransform(m, s.exp(), cache_size=1)]  # noqa: E731
    plain = lambda m, s: [AffineTransform(m, s.exp())]  # noqa: E731
    with_cache, error = slopes(build(name), cached)
    without, other = slopes(build(name), plain)
    assert ((with_cache - without).abs() < 5 * (error**2 + other**2).sqrt()).all()
    assert (without.abs() > 20 * other).all(), "there is a gradient to be lost"


def test_doubly_reparameterised_through_a_caching_tanh():
    def mean(cache_size):
        m = torch.full((20_000,), 0.5, requires_grad=True)
        q = TransformedDistribution(Normal(m, 1.0), [TanhTransform(cache_size=cache_size)])
        total = DReG()(q, lambda z: 3 * z - q.log_prob(z), 4).sum()
        (g,) = torch.autograd.grad(total, m)
        return g.mean(), g.std() / len(g) ** 0.5

    (cached, a), (plain, b) = mean(1), mean(0)
    assert (cached - plain).abs() < 5 * (a**2 + b**2).sqrt()


@pytest.mark.parametrize(
    "name", ["score_function", "disarm", "arm", "local_expectation", "sum_and_sample"]
)
def test_an_impossible_value_has_value_minus_infinity(name):
    q = Independent(Bernoulli(logits=torch.zeros(6, 2, requires_grad=True)), 1)
    surrogate = build(name)(q, lambda z: torch.where(z.sum(-1) >= 0, -torch.inf, 0.0), 2)
    assert (surrogate == -torch.inf).all()


@pytest.mark.parametrize("name", ["vimco", "dreg"])
def test_a_bound_is_finite_where_one_sample_is_possible(name):
    loc = torch.full((4000,), 0.0, requires_grad=True)
    q = Bernoulli(logits=loc) if name == "vimco" else Normal(loc, 1.0)
    weight = lambda z: torch.where(z > 0.5, -torch.inf, 0.0) - q.log_prob(z)  # noqa: E731
    surrogate = build(name)(q, weight, 3)
    assert not surrogate.isnan().any()
    # all three samples are above 1/2 for p³ of the datapoints
    p = 0.5 if name == "vimco" else 0.3085
    share = (surrogate == -torch.inf).double().mean().item()
    assert abs(share - p**3) < 5 * (p**3 / 4000) ** 0.5
    (g,) = torch.autograd.grad(surrogate[surrogate > -torch.inf].sum(), loc)
    assert g.isfinite().all()


@pytest.mark.parametrize(
    "name", [n for n in ALL if n not in ("enumeration", "sparse_marginalisation")]
)
def test_no_sample_is_refused(name):
    entry = ALL[name]
    q = Normal(torch.zeros(3), 1.0) if entry.kind == "continuous" else Bernoulli(torch.ones(3) / 2)
    if not entry.accepts(q):
        q = torch.distributions.OneHotCategorical(torch.ones(3, 2))
    # torch's own categorical is the first to notice
    with pytest.raises((ValueError, RuntimeError), match=r"num_samples|at least|odd|n_sample"):
        build(name)(q, lambda z: z.flatten(2).sum(-1) if z.dim() > 2 else z, 0)


def test_probabilities_that_were_given_as_zero_have_no_mass():
    q = Bernoulli(probs=torch.tensor([0.0]))
    f = lambda z: torch.where(z > 0.5, -torch.inf, 2.0)  # noqa: E731
    assert exact.expectation(q, f).item() == 2.0
    assert build("enumeration")(q, f).item() == 2.0
    q = Categorical(torch.tensor([[0.5, 0.5, 0.0]]))
    f = lambda z: torch.where(z == 2, torch.inf, 1.0 * z)  # noqa: E731
    assert exact.expectation(q, f).item() == 0.5
    # a probability that underflowed is not given as 0
    q = Bernoulli(logits=torch.tensor([-120.0]))
    assert exact.expectation(q, lambda z: z * 1e50).item() == pytest.approx(
        1e50 * torch.tensor(-120.0).double().sigmoid().item(), rel=1e-5
    )


@pytest.mark.parametrize("kind", [RunningMean, RunningStandardise])
def test_a_bad_batch_teaches_nothing(kind):
    baseline = kind()
    baseline.advantage(None, None, None, torch.tensor([[1.0, 3.0]]))
    before = baseline.mean.clone()
    for reward in (torch.empty(1, 0), torch.full((1, 2), -torch.inf)):
        baseline.advantage(None, None, None, reward)
        assert torch.equal(baseline.mean, before)


def test_evaluation_teaches_nothing():
    network = Network(nn.Linear(1, 1))
    network.condition(torch.ones(2, 1))
    for baseline in (RunningMean(), RunningStandardise(), network):
        state = copy.deepcopy(baseline.__dict__)
        with torch.no_grad():
            ScoreFunction(baseline)(Bernoulli(torch.ones(2) / 2), lambda z: z + 5)
        assert getattr(baseline, "batches", 0) == 0
        if baseline is network:
            assert torch.equal(network.network.bias, state["network"].bias)


def test_a_baseline_of_another_shape_is_refused():
    class Column(Baseline):
        def __call__(self, q, f, z, reward):
            return torch.zeros(3, 1)

    with pytest.raises(ValueError, match="broadcast"):
        ScoreFunction(Column())(Bernoulli(torch.ones(3) / 2), lambda z: z)


def test_frozen_reaches_the_baseline():
    estimator = ScoreFunction(RunningMean())
    estimator.frozen = True
    estimator(Bernoulli(torch.ones(3) / 2), lambda z: z + 1)
    assert (estimator.frozen, estimator.baseline.batches) == (True, 0)
    assert not Pathwise().frozen


def test_argmax_without_a_mode():
    with pytest.raises(ValueError, match="no mode"):
        Argmax()(Uniform(torch.tensor([5.0]), torch.tensor([6.0])), lambda z: z, None, None)
    # f is infinite at the mode, 1 or 0, of this density
    b = Argmax()(Normal(torch.zeros(1), 1.0), lambda z: z.abs().log(), None, None)
    assert b.item() == 0


def test_flat_functions_are_refused_by_rebar():
    a, w = torch.zeros(3, requires_grad=True), torch.ones((), requires_grad=True)
    with pytest.raises(ValueError, match="differentiable in z"):
        Rebar()(Bernoulli(logits=a), lambda z: w * (z > 0.5), 1)


def test_who_is_served():
    for name in ("enumeration", "local_expectation", "sum_and_sample"):
        assert not ALL[name].accepts(Poisson(torch.ones(2)))
    assert ALL["pathwise"].accepts(Beta(torch.ones(2), torch.ones(2)))
    mixture = torch.distributions.MixtureSameFamily(
        Categorical(torch.ones(2)), Normal(torch.zeros(2), 1.0)
    )
    assert not ALL["pathwise"].accepts(mixture)
