"""What the contract promises besides the right mean: values, shapes, dtypes, errors."""

import re

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Categorical, Independent, Normal, Poisson

from tests.estimators.measure import build, observe
from vilib import exact
from vilib.estimators import ALL, Pathwise, ScoreFunction, StraightThroughBernoulli

S, B, D = 3, 5, 4


def family(name, dtype):
    """q with batch shape [B], and its parameter."""
    a = torch.randn(B, D, dtype=dtype, requires_grad=True)
    base = Normal(a, 1.0) if ALL[name].kind == "continuous" else Bernoulli(logits=a)
    return Independent(base, 1), a


def ready(name, dtype=None):
    """A registered estimator that has seen its observation, all in one dtype."""
    estimator = build(name)
    observe(estimator, B)
    if dtype and name == "score_function_network":
        estimator.baseline.network.to(dtype)
        estimator.baseline.condition(estimator.baseline.x.to(dtype))
    return estimator


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ALL)
def test_value_is_the_monte_carlo_mean(name, dtype):
    q, a = family(name, dtype)
    seen = []

    def f(z):
        seen.append((z, (z * a).cos().sum(-1)))
        return seen[-1][1]

    surrogate = ready(name, dtype)(q, f, S)
    z, values = seen[0]
    assert surrogate.shape == (B,)
    assert surrogate.dtype == dtype
    if name == "enumeration":
        assert z.shape == (2**D, B, D)
        truth = exact.expectation(q, lambda z: (z * a).cos().sum(-1))
        assert torch.allclose(surrogate.double(), truth, rtol=1e-5)
    else:
        assert z.shape == (S, B, D)
        assert torch.equal(surrogate, values.mean(0))
    assert z.dtype == dtype


@pytest.mark.parametrize("name", ALL)
def test_datapoints_do_not_mix(name):
    q, a = family(name, torch.get_default_dtype())
    weights = torch.tensor([1.0, 2.0, 4.0, 8.0])
    # with few samples all rewards may equal the baseline, and the gradient be 0 by chance
    surrogate = ready(name)(q, lambda z: (z @ weights - 0.7) ** 2, 30)
    (g,) = torch.autograd.grad(surrogate[2], a)
    assert g[2].abs().sum() > 0
    assert g[[0, 1, 3, 4]].abs().sum() == 0


@pytest.mark.parametrize("name", [n for n in ALL if n != "score_function_network"])
def test_without_a_batch_axis(name):
    a = torch.zeros(D, requires_grad=True)
    base = Normal(a, 1.0) if ALL[name].kind == "continuous" else Bernoulli(logits=a)
    surrogate = build(name)(Independent(base, 1), lambda z: z.sum(-1) ** 2, S)
    assert surrogate.shape == ()
    surrogate.backward()
    assert a.grad.abs().sum() > 0


@pytest.mark.parametrize("name", ALL)
def test_wrong_shapes_are_named(name):
    q, _ = family(name, torch.get_default_dtype())
    with pytest.raises(ValueError, match=r"one value per sample and datapoint.*\[\d+, 5\], got"):
        ready(name)(q, lambda z: z, S)


def test_event_axes_not_declared():
    q = Bernoulli(logits=torch.zeros(B, D))
    with pytest.raises(ValueError, match="declared with Independent"):
        ScoreFunction()(q, lambda z: z.sum(-1), S)


@pytest.mark.parametrize("name", ALL)
def test_no_gradient_is_asked_for(name):
    q, _ = family(name, torch.get_default_dtype())
    with torch.no_grad():
        surrogate = ready(name)(q, lambda z: z.sum(-1), S)
    assert not surrogate.requires_grad


@pytest.mark.parametrize("name", ALL)
def test_the_caller_s_seed_decides(name):
    q, _ = family(name, torch.get_default_dtype())
    estimator, runs = ready(name), []
    for seed in (7, 7, 8):
        torch.manual_seed(seed)
        # every entry sees fresh numbers, also in its baseline
        runs.append(estimator(q, lambda z: (z * torch.arange(1.0, D + 1)).sum(-1), S))
        estimator.reset()
    assert torch.equal(runs[0], runs[1])
    assert name == "enumeration" or not torch.equal(runs[0], runs[2])


def test_one_sample_by_hand():
    a = torch.tensor([[-1.5, 0.0, 2.0]], requires_grad=True)
    w = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    kept = []

    def f(z):
        kept.append(z)
        return (z * w).sum(-1) ** 2

    ScoreFunction()(Independent(Bernoulli(logits=a), 1), f).sum().backward()
    z = kept[0][0, 0]
    total = (z * w.detach()).sum()
    assert torch.allclose(a.grad[0], total**2 * (z - a.detach()[0].sigmoid()))
    assert torch.allclose(w.grad, 2 * total * z)


@pytest.mark.parametrize(
    ("name", "evaluations"),
    [
        ("score_function", 1),
        ("score_function_running_mean", 1),
        ("score_function_leave_one_out", 1),
        ("score_function_argmax", 2),
        ("score_function_second_sample", 2),
        ("straight_through_bernoulli", 1),
    ],
)
def test_how_often_f_and_log_q_are_evaluated(name, evaluations):
    q, _ = family(name, torch.get_default_dtype())
    calls, log_prob = {"f": 0, "log_q": 0}, q.log_prob

    def f(z):
        calls["f"] += 1
        return z.sum(-1)

    def counted(z):
        calls["log_q"] += 1
        return log_prob(z)

    q.log_prob = counted
    ready(name)(q, f, S)
    assert calls == {"f": evaluations, "log_q": int(name.startswith("score"))}


def test_straight_through_hands_f_zeros_and_ones():
    p = torch.rand(1000, 1).clamp(0.01, 0.99).requires_grad_()

    def f(z):
        assert ((z == 0) | (z == 1)).all()
        return z.squeeze(-1)

    StraightThroughBernoulli()(Independent(Bernoulli(p), 1), f, S).sum().backward()
    assert torch.equal(p.grad, torch.ones_like(p))


class NormalWithoutRsample(Normal):
    """A Normal that must be treated as a black box."""

    has_rsample = False

    def rsample(self, sample_shape=()):
        raise NotImplementedError


def test_what_cannot_be_served_is_refused():
    zeros = torch.zeros(2)
    total = lambda z: z  # noqa: E731
    with pytest.raises(ValueError, match="no rsample"):
        Pathwise()(Bernoulli(logits=zeros), total)
    with pytest.raises(ValueError, match="no rsample"):
        Pathwise()(NormalWithoutRsample(zeros, 1.0), total)
    with pytest.raises(ValueError, match="needs a Bernoulli"):
        StraightThroughBernoulli()(Categorical(logits=torch.zeros(2, 3)), total)
    with pytest.raises(ValueError, match="at least 2"):
        build("score_function_leave_one_out")(Bernoulli(logits=zeros), total, 1)
    for q in (Normal(zeros, 1.0), Poisson(torch.ones(2))):
        with pytest.raises(ValueError, match="no finite support"):
            build("enumeration")(q, total)
    with pytest.raises(ValueError, match="2097152"):
        build("enumeration")(Independent(Bernoulli(logits=torch.zeros(1, 21)), 1), total)


def test_score_function_needs_no_rsample():
    loc = torch.zeros(100_000, requires_grad=True)
    surrogate = ScoreFunction()(NormalWithoutRsample(loc, 1.0), lambda z: (z - 1) ** 2)
    surrogate.sum().backward()
    # d/dμ E[(z - 1)²] = 2 (μ - 1)
    assert (loc.grad.mean() + 2).abs() < 5 * loc.grad.std() / 100_000**0.5


def test_registry():
    for name, entry in ALL.items():
        assert entry.name == name
        assert re.search(r", (19|20)\d\d, .*https://", entry.reference)
    with pytest.raises(ValueError, match="score_function_network needs network"):
        ALL["score_function_network"].make(value=1.0)
    baseline = (
        ALL["score_function_network"]
        .make(network=nn.Linear(1, 1), condition=torch.ones(2, 1))
        .baseline
    )
    assert torch.equal(baseline.x, torch.ones(2, 1))
    assert ALL["score_function_constant"].make(value=2.0).baseline.value == 2.0
    assert ALL["score_function_running_mean"].make(decay=0.5).baseline.decay == 0.5
