"""Expectations and their gradients, by hand, by plain loops and by finite differences."""

import itertools
import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, Normal, OneHotCategorical

from vilib import exact

LOGITS = (-1.5, 0.0, 0.7, 2.0)


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


@pytest.mark.parametrize("a", [-30.0, -1.5, 0.0, 1e-12, 4.0])
def test_one_bernoulli_by_hand(a):
    # d/da E[f] = p (1 - p) (f(1) - f(0)), also at logit exactly 0
    logit = torch.tensor([a], requires_grad=True)
    f = lambda z: (z - 0.499) ** 2  # noqa: E731
    (g,) = exact.gradient(Bernoulli(logits=logit), f, [logit])
    p = sigmoid(a)
    assert g.item() == pytest.approx(p * (1 - p) * (0.501**2 - 0.499**2), rel=1e-9)


def test_four_bernoullis_by_a_plain_loop():
    a = torch.tensor([LOGITS], requires_grad=True)
    f = lambda z: (z @ torch.tensor([1.0, -0.5, 2.0, 0.7])).cos()  # noqa: E731
    (g,) = exact.gradient(Independent(Bernoulli(logits=a), 1), f, [a])
    expected = [0.0] * 4
    p = [sigmoid(v) for v in LOGITS]
    for z in itertools.product((0, 1), repeat=4):
        mass = math.prod(q if v else 1 - q for q, v in zip(p, z))
        value = math.cos(z[0] - 0.5 * z[1] + 2 * z[2] + 0.7 * z[3])
        for d in range(4):
            expected[d] += mass * value * (z[d] - p[d])
    assert g[0].tolist() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("kind", [Categorical, OneHotCategorical])
def test_categories_by_hand(kind):
    # d/da_k E[f] = p_k (f_k - E[f])
    logits = torch.tensor([[0.5, 0.0, -1.0]], requires_grad=True)
    table = torch.tensor([2.0, -1.0, 4.0])
    f = (lambda z: table[z]) if kind is Categorical else (lambda z: z @ table)
    (g,) = exact.gradient(kind(logits=logits), f, [logits])
    p = logits.detach()[0].softmax(-1)
    assert torch.allclose(g[0], p * (table - p @ table))


def test_normal_by_quadrature():
    m = torch.tensor([0.4, -1.0], requires_grad=True)
    s = torch.tensor([0.7, 1.1], requires_grad=True)
    nodes = exact.quadrature(-14.0, 14.0, 400)
    g_m, g_s = exact.gradient(Normal(m, s), lambda z: z**3, [m, s], nodes)
    # E[z³] = m³ + 3 m s²
    assert torch.allclose(g_m, 3 * m**2 + 3 * s**2)
    assert torch.allclose(g_s, 6 * m * s)


def test_direct_dependence_is_included():
    a = torch.tensor([0.3], requires_grad=True)
    w = torch.tensor(2.0, requires_grad=True)
    unused = torch.ones(3, requires_grad=True)
    f = lambda z: (w * z + a) ** 2  # noqa: E731
    g_a, g_w, g_unused = exact.gradient(Bernoulli(logits=a), f, [a, w, unused])
    p, w0, a0 = sigmoid(0.3), 2.0, 0.3
    expected = p * (1 - p) * ((w0 + a0) ** 2 - a0**2) + 2 * (p * w0 + a0)
    assert g_a.item() == pytest.approx(expected)
    assert g_w.item() == pytest.approx(2 * p * (w0 + a0))
    assert torch.equal(g_unused, torch.zeros(3))


def test_finite_differences_and_gradcheck():
    a, w = torch.randn(2, 3, requires_grad=True), torch.randn(3, requires_grad=True)

    def value(a, w):
        q = Independent(Bernoulli(logits=a), 1)
        return exact.elbo(q, lambda z: -((z * w).sum(-1) ** 2))

    assert torch.autograd.gradcheck(value, (a, w))
    assert torch.autograd.gradgradcheck(value, (a, w))


def test_it_can_be_asked_twice_and_leaves_nothing_behind():
    weight = torch.randn(4, 2, requires_grad=True)
    q = Independent(Bernoulli(logits=torch.randn(3, 4) @ weight), 1)
    first, second = (exact.gradient(q, lambda z: z.sum(-1), [weight])[0] for _ in range(2))
    assert torch.equal(first, second)
    assert weight.grad is None


def test_nothing_depends_on_anything():
    a = torch.zeros(2, requires_grad=True)
    (g,) = exact.gradient(Bernoulli(torch.full((3,), 0.5)), lambda z: z, [a])
    assert torch.equal(g, torch.zeros(2))


def test_batches_and_shapes():
    a = torch.randn(5, 3)
    q = Independent(Bernoulli(logits=a), 1)
    shift = torch.arange(5.0)

    def f(z):
        assert z.shape == (8, 5, 3)
        return z.sum(-1) + shift

    found = exact.expectation(q, f)
    assert torch.allclose(found, a.sigmoid().sum(-1) + shift)
    assert exact.expectation(Bernoulli(0.25), lambda z: z).shape == ()


def test_a_point_without_mass_adds_nothing():
    logits = torch.tensor([[0.0, 1.0, -torch.inf]], requires_grad=True)
    q = Categorical(logits=logits)
    table = torch.tensor([1.0, 2.0, -torch.inf])
    found = exact.expectation(q, lambda z: table[z])
    p = sigmoid(1.0)
    assert found.item() == pytest.approx(1 + p)
    (g,) = torch.autograd.grad(found.sum(), logits)
    assert g[0].tolist() == pytest.approx([-p * (1 - p), p * (1 - p), 0.0])
    assert torch.isfinite(exact.elbo(q, lambda z: table[z])).all()


def test_float32_parameters_give_a_float64_answer():
    a = torch.tensor([0.3], dtype=torch.float32, requires_grad=True)
    q = Bernoulli(logits=a)
    assert exact.expectation(q, lambda z: z).dtype == torch.float64
    (g,) = exact.gradient(q, lambda z: z, [a])
    assert g.dtype == torch.float32
    assert g.item() == pytest.approx(sigmoid(0.3) * (1 - sigmoid(0.3)), rel=1e-6)
