"""The k likeliest values, and the rest, against full enumeration."""

import math

import pytest
import torch
from torch.distributions import (
    Bernoulli,
    Binomial,
    Categorical,
    Independent,
    Normal,
    OneHotCategorical,
)

from tests.estimators.every_choice import every_choice
from vilib import exact
from vilib.estimators import k_likeliest
from vilib.estimators.digits import from_digits, log_table, to_digits


def make(name, scale=1.5, B=3):
    """A distribution with a batch of B, and its parameter."""
    shape, build = {
        "bit": ((B,), lambda a: Bernoulli(logits=a)),
        "bits": ((B, 4), lambda a: Independent(Bernoulli(logits=a), 1)),
        "bits 2x2": ((B, 2, 2), lambda a: Independent(Bernoulli(logits=a), 2)),
        "bits in two steps": (
            (B, 2, 2),
            lambda a: Independent(Independent(Bernoulli(logits=a), 1), 1),
        ),
        "probs": ((B, 4), lambda a: Independent(Bernoulli(a.sigmoid()), 1)),
        "category": ((B, 5), lambda a: Categorical(logits=a)),
        "categories": ((B, 3, 4), lambda a: Independent(Categorical(logits=a), 1)),
        "one-hot": ((B, 5), lambda a: OneHotCategorical(logits=a)),
        "one-hot rows": ((B, 3, 4), lambda a: Independent(OneHotCategorical(a.softmax(-1)), 1)),
        "count": ((B,), lambda a: Binomial(4, logits=a)),
    }[name]
    a = (scale * torch.randn(shape)).requires_grad_()
    return build(a), a


NAMES = (
    "bit",
    "bits",
    "bits 2x2",
    "bits in two steps",
    "probs",
    "category",
    "categories",
    "one-hot",
    "one-hot rows",
    "count",
)


def everything(q):
    """All values `[N, B, *event]` in the dtype of q's samples, and their log mass `[N, B]`."""
    values = exact.enumerate_support(q).values.to(q.sample().dtype)
    N, event = len(values), values.shape[1:]
    z = values.reshape(N, *(1,) * len(q.batch_shape), *event).expand(N, *q.batch_shape, *event)
    return z, q.log_prob(z)


def assert_k_best(find, q, k):
    """As enumeration has it: the masses, in order, and each value once with its own mass."""
    values, log_prob = find(q, k)[:2]
    z, log_q = everything(q)
    n = min(k, len(z))
    assert values.shape == (n, *q.batch_shape, *q.event_shape)
    assert values.dtype == q.sample().dtype
    assert log_prob.shape == (n, *q.batch_shape)
    rounding = 50 * torch.finfo(log_q.dtype).eps
    assert torch.allclose(log_prob, log_q.sort(0, descending=True)[0][:n], rtol=rounding)
    assert torch.allclose(q.log_prob(values), log_prob, rtol=rounding)
    for b in range(3):
        assert len(values[:, b].unique(dim=0)) == n


@pytest.mark.parametrize("name", NAMES)
def test_as_enumeration_has_it(name):
    q, _ = make(name)
    N = len(everything(q)[0])
    for k in sorted({1, 2, 3, 7, N - 1, N, N + 5} - {0}):
        assert_k_best(k_likeliest, q, k)


@pytest.mark.parametrize("name", NAMES)
def test_ties(name):
    q, _ = make(name, scale=0.0)
    for k in (1, 2, 3, 6):
        assert_k_best(k_likeliest, q, k)
    # ties between groups of variables: 1 and 2 against 3
    q = Independent(Bernoulli(logits=torch.tensor([[1.0, 2.0, 3.0, 0.0, -3.0, 3.0]] * 3)), 1)
    for k in range(1, 66):
        assert_k_best(k_likeliest, q, k)


def one_variable_at_a_time(q, k):
    """A mistake: the best value of each variable, then its second best, and so on."""
    values = everything(q)[0]
    order = log_table(q).argsort(-1, descending=True).movedim(-1, 0)
    order = torch.cat([order] * k)[: min(k, len(values))]
    return from_digits(q, order), q.log_prob(from_digits(q, order))


def best_and_single_flips(q, k):
    """A mistake: the mode, and what differs from it in one bit."""
    best = k_likeliest(q, 1)[0]
    flips = torch.eye(best.shape[-1])[:, None].expand(-1, *best.shape[1:])
    z = torch.cat([best, (best - flips).abs()])
    log_q, order = q.log_prob(z).sort(0, descending=True)
    return z.gather(0, order[..., None].expand_as(z))[:k], log_q[:k]


@pytest.mark.parametrize("wrong", [one_variable_at_a_time, best_and_single_flips])
def test_mistakes_are_found(wrong):
    logits = torch.tensor([[0.1, -0.15, 0.9, 3.0]] * 3)
    q = Independent(Bernoulli(logits=logits), 1)
    assert_k_best(k_likeliest, q, 4)
    with pytest.raises(AssertionError):
        assert_k_best(wrong, q, 4)


@pytest.mark.parametrize("name", NAMES)
def test_log_prob_is_differentiable(name):
    q, a = make(name)
    values, log_prob, _ = k_likeliest(q, 3)
    weights = torch.randn_like(log_prob)
    (found,) = torch.autograd.grad((weights * log_prob).sum(), a, retain_graph=True)
    (truth,) = torch.autograd.grad((weights * q.log_prob(values)).sum(), a)
    tolerance = 1e4 * torch.finfo(a.dtype).eps
    assert torch.allclose(found, truth, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_digits_there_and_back(name):
    q, _ = make(name)
    z = q.sample((7,))
    assert torch.equal(from_digits(q, to_digits(q, z)), z)
    total = log_table(q).gather(-1, to_digits(q, z[0])[..., None]).sum((-2, -1))
    assert torch.allclose(total, q.log_prob(z[0]), rtol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_probability_of_0_is_told_from_a_small_one(dtype):
    certain = Independent(Bernoulli(torch.tensor([1.0, 0.0, 0.5], dtype=dtype)), 1)
    values, log_prob, rest = k_likeliest(certain, 3)
    assert values[:2].sum(0).tolist() == [2.0, 0.0, 1.0]
    assert log_prob[:2].exp().tolist() == pytest.approx([0.5, 0.5], rel=1e-6)
    assert log_prob[2] == -math.inf
    assert rest.mass == 0
    for logit in (16.0, 17.0, 20.0, 36.0, 37.0, 40.0, 100.0):
        extreme = Bernoulli(logits=torch.tensor([logit, -logit], dtype=dtype))
        values, log_prob, rest = k_likeliest(extreme, 1)
        assert values.tolist() == [[1.0, 0.0]]
        exact_mass = 1 / (1 + math.exp(logit))
        assert rest.mass.tolist() == pytest.approx([exact_mass] * 2, rel=1e-5)
    three = Categorical(torch.tensor([0.5, 0.5, 0.0], dtype=dtype))
    assert k_likeliest(three, 3).log_prob[2] == -math.inf
    far = Categorical(logits=torch.tensor([0.0, 0.0, -60.0], dtype=dtype))
    assert k_likeliest(far, 3).log_prob[2].item() == pytest.approx(-60.6931, rel=1e-5)


# --- the rest


def among(z, top):
    """Which of the values `[N, B, *event]` are among others `[n, B, *event]`, `[N, B]`."""
    same = z[:, None] == top[None]
    return same.reshape(*same.shape[:3], -1).all(-1).any(1)


def assert_law(draw, q, k):
    """One draw from the rest, over every choice, has mass q(z) / r outside the k likeliest."""
    top, _, rest = k_likeliest(q, k)
    z, log_q = everything(q)
    outside = ~among(z, top)[:, 0]
    mass = log_q[:, 0].exp().double() * outside
    assert torch.allclose(mass.sum(), rest.mass[0].double(), rtol=1e-5)
    law = torch.zeros_like(mass)
    for drawn, w in every_choice(lambda: draw(q, rest)):
        law += w * among(z, drawn[None])[:, 0]
    assert torch.allclose(law, mass / mass.sum(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["bit", "bits", "category", "one-hot"])
def test_the_law_of_the_rest(name):
    q, _ = make(name, B=1)
    for k in range(1, min(6, len(everything(q)[0]))):
        assert_law(lambda q, rest: rest.sample(1)[0], q, k)


def test_the_law_of_the_rest_of_three_values_each():
    q = Independent(Categorical(logits=torch.randn(1, 2, 3)), 1)
    for k in range(1, 9):
        assert_law(lambda q, rest: rest.sample(1)[0], q, k)


def test_sampling_from_q_itself_is_found():
    with pytest.raises(AssertionError):
        assert_law(lambda q, rest: q.sample((1,))[0], make("bits", B=1)[0], 2)


def test_many_samples_of_a_batch_are_outside():
    q, _ = make("one-hot rows")
    top, _, rest = k_likeliest(q, 5)
    z = rest.sample(1000)
    assert z.shape == (1000, 3, 3, 4)
    assert z.dtype == top.dtype
    assert not among(z, top).any()
    # the two draws of a datapoint, and those of two datapoints, are not the same ones
    assert (z[0] != z[1]).any()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_small_rest_is_not_lost_in_a_difference(dtype):
    logits = torch.full((30,), 1e-10, dtype=dtype).log()
    q = Independent(Bernoulli(logits=logits), 1)
    _, log_prob, rest = k_likeliest(q, 4)
    assert rest.mass.item() == pytest.approx(27e-10, rel=1e-4)
    assert 1 - log_prob.exp().sum() != pytest.approx(27e-10, rel=1e-4) or dtype == torch.float64
    z = rest.sample(2000)
    # one of the 27 other bits is on, each as often
    assert (z.sum(-1) == 1).all()
    count = z.sum(0)
    assert (count > 0).sum() == 27
    assert (count[count > 0] - 2000 / 27).abs().max() < 5 * (2000 / 27) ** 0.5


def test_nothing_left():
    q, _ = make("bits")
    assert k_likeliest(q, 16).rest.empty
    assert not k_likeliest(q, 15).rest.empty
    # values are left, but none with mass: the likeliest one stands in
    q = Categorical(torch.tensor([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]]))
    _, _, rest = k_likeliest(q, 1)
    z = rest.sample(50)
    assert rest.mass.tolist() == pytest.approx([0.0, 0.5], rel=1e-6)
    assert (z[:, 0] == 1).all()
    assert set(z[:, 1].tolist()) == {0, 1}


def test_many_variables():
    logits = torch.randn(2, 500)
    values, _, rest = k_likeliest(Independent(Bernoulli(logits=logits), 1), 8)
    # the second best differs from the best in the bit that is least certain
    assert torch.equal(values[0], (logits > 0).to(values))
    least = logits.abs().argmin(-1)
    assert torch.equal((values[0] != values[1]).long().argmax(-1), least)
    assert ((values[0] != values[1]).sum(-1) == 1).all()
    assert rest.sample(3).shape == (3, 2, 500)


def test_what_cannot_be_served_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        k_likeliest(Bernoulli(0.5), 0)
    with pytest.raises(ValueError, match="no finite support"):
        k_likeliest(Normal(0.0, 1.0), 2)
