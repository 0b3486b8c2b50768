"""What the contract promises besides the right mean: values, shapes, dtypes, errors."""

import math

import pytest
import torch
from torch.distributions import (
    Bernoulli,
    Independent,
    Normal,
    OneHotCategorical,
)

from tests.estimators.measure import build, observe
from vilib import exact
from vilib.estimators import ALL, ScoreFunction, StraightThroughBernoulli

S, B, D = 4, 5, 4
# these sum over values of z instead of drawing them
SUMMED = ("enumeration", "sparse_marginalisation")


def family(name, dtype, batch=(B,)):
    """q, and its parameter: four Gaussians, four bits, or two one-hot rows of two values."""
    a = torch.randn(*batch, D, dtype=dtype, requires_grad=True)
    gaussian = Independent(Normal(a, 1.0), 1)
    bits = Independent(Bernoulli(logits=a, validate_args=False), 1, validate_args=False)
    rows = Independent(OneHotCategorical(logits=a.unflatten(-1, (2, 2))), 1)
    return next(q for q in (gaussian, bits, rows) if ALL[name].accepts(q)), a


def ready(name, dtype=None):
    """A registered estimator that has seen its observation, all in one dtype."""
    estimator = build(name)
    observe(estimator, B)
    if dtype and name == "score_function_network":
        estimator.baseline.network.to(dtype)
        estimator.baseline.condition(estimator.baseline.x.to(dtype))
    return estimator


def total(z, weights=1.0):
    """∑ wᵢ zᵢ over the event `[..., D]`, whatever its axes."""
    return (z.flatten(2) * weights).sum(-1)


def value_by_contract(name, q, values):
    """What the surrogate's value must be, given f at the samples, in float64."""
    if name in SUMMED:
        truth = exact.expectation(q, lambda z: total(z).cos())
    elif ALL[name].bound == "iwae":
        truth = values.double().logsumexp(0) - math.log(S)
    else:
        truth = values.double().mean(0)
    return truth


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", [n for n in ALL if n != "sum_and_sample"])
def test_value_is_the_monte_carlo_mean(name, dtype):
    q, _ = family(name, dtype)
    seen = []

    def f(z):
        seen.append((z, total(z).cos()))
        return seen[-1][1]

    surrogate = ready(name, dtype)(q, f, S)
    # what REBAR or a baseline ask about comes later
    z, values = seen[0]
    assert z.shape == (2**D if name in SUMMED else S, B, *q.event_shape)
    assert surrogate.shape == (B,)
    assert surrogate.dtype == z.dtype == dtype
    expected = value_by_contract(name, q, values)
    assert torch.allclose(surrogate.double(), expected, rtol=1e-5, atol=1e-6)


def test_sum_and_sample_has_the_value_of_its_two_parts():
    q, _ = family("sum_and_sample", torch.float64)
    seen = []

    def f(z):
        seen.append((z, total(z).cos()))
        return seen[-1][1]

    surrogate = build("sum_and_sample")(q, f, S)
    z, values = seen[0]
    mass = q.log_prob(z[0]).exp()
    assert torch.allclose(surrogate, mass * values[0] + (1 - mass) * values[1:].mean(0))


@pytest.mark.parametrize("name", ALL)
def test_datapoints_do_not_mix(name):
    q, a = family(name, torch.get_default_dtype())
    weights = torch.tensor([1.0, 2.0, 4.0, 8.0])
    # with few samples all rewards may equal the baseline, and the gradient be 0 by chance
    surrogate = ready(name)(q, lambda z: (total(z, weights) - 0.7) ** 2, 30)
    (g,) = torch.autograd.grad(surrogate[2], a)
    assert g[2].abs().sum() > 0
    assert g[[0, 1, 3, 4]].abs().sum() == 0


@pytest.mark.parametrize("name", [n for n in ALL if n != "score_function_network"])
def test_without_a_batch_axis(name):
    q, a = family(name, torch.get_default_dtype(), batch=())
    weights = torch.tensor([1.0, 2.0, 4.0, 8.0])
    surrogate = build(name)(q, lambda z: total(z[:, None], weights)[:, 0] ** 2, 30)
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
        surrogate = ready(name)(q, total, S)
    assert not surrogate.requires_grad


@pytest.mark.parametrize("name", ALL)
def test_the_caller_s_seed_decides(name):
    q, _ = family(name, torch.get_default_dtype())
    estimator, runs = ready(name), []
    for seed in (7, 7, 8):
        torch.manual_seed(seed)
        # every entry sees fresh numbers, also in its baseline
        runs.append(estimator(q, lambda z: total(z, torch.arange(1.0, D + 1)), S))
        estimator.reset()
    assert torch.equal(runs[0], runs[1])
    assert name in SUMMED or not torch.equal(runs[0], runs[2])


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


def test_score_function_needs_no_rsample():
    loc = torch.zeros(100_000, requires_grad=True)
    surrogate = ScoreFunction()(NormalWithoutRsample(loc, 1.0), lambda z: (z - 1) ** 2)
    surrogate.sum().backward()
    # d/dμ E[(z - 1)²] = 2 (μ - 1)
    assert (loc.grad.mean() + 2).abs() < 5 * loc.grad.std() / 100_000**0.5
