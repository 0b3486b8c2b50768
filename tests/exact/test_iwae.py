"""The IWAE bound, by plain loops, by its limits and by sampling."""

import itertools
import math

import pytest
import torch
from torch.distributions import Bernoulli, Categorical, Independent, Normal

from vilib import exact

X = 1.3


def coins(a):
    """A pair of coins per datapoint, and log weights with parameters of their own."""
    q = Independent(Bernoulli(logits=a), 1)
    w = torch.tensor([0.8, -2.0])
    return q, lambda z: (z @ w).cos() - z.prod(-1) - q.log_prob(z)


def gaussian_log_joint(z):
    """z ~ N(0, 1), x ~ N(z, 1/2): log p(x) is known and the posterior is N(2x/3, 1/3)."""
    return Normal(0.0, 1.0).log_prob(z) + Normal(z, 0.5**0.5).log_prob(torch.tensor(X))


@pytest.mark.parametrize("S", [1, 2, 3])
def test_by_plain_loops(S):
    a = torch.tensor([[0.4, -1.0], [2.0, 0.0]])
    q, f = coins(a)
    values = list(itertools.product((0.0, 1.0), repeat=2))
    log_w = f(torch.tensor(values)[:, None].expand(4, 2, 2))
    p = a.sigmoid().tolist()
    for b in range(2):
        mass = [math.prod(p[b][d] if z[d] else 1 - p[b][d] for d in range(2)) for z in values]
        expected = 0.0
        for drawn in itertools.product(range(4), repeat=S):
            mean = sum(math.exp(log_w[n, b]) for n in drawn) / S
            expected += math.prod(mass[n] for n in drawn) * math.log(mean)
        assert exact.iwae(q, f, S)[b].item() == pytest.approx(expected, abs=1e-12)


def test_it_rises_from_the_elbo_towards_the_evidence():
    q, f = coins(torch.tensor([[0.4, -1.0]]))
    bounds = [exact.iwae(q, f, S).item() for S in range(1, 10)]
    elbo = exact.elbo(q, lambda z: f(z) + q.log_prob(z)).item()
    evidence = exact.log_evidence(lambda z: f(z) + q.log_prob(z), beside(q)).item()
    assert bounds[0] == pytest.approx(elbo, abs=1e-12)
    assert all(low < high for low, high in itertools.pairwise([*bounds, evidence]))
    # the gap falls as 1/S
    assert (evidence - bounds[8]) / (evidence - bounds[4]) == pytest.approx(5 / 9, rel=0.03)


def beside(q):
    """The support with a batch axis of one."""
    values, log_weights = exact.enumerate_support(q)
    return exact.Points(values[:, None], log_weights)


@pytest.mark.parametrize("S", [1, 2])
def test_at_the_posterior_it_is_the_evidence(S):
    points = exact.quadrature(-8.0, 8.0, 300)
    q = Normal(torch.tensor([2 * X / 3]), (1 / 3) ** 0.5)
    bound = exact.iwae(q, lambda z: gaussian_log_joint(z) - q.log_prob(z), S, points)
    truth = Normal(0.0, 1.5**0.5).log_prob(torch.tensor(X))
    assert bound.item() == pytest.approx(truth.item(), abs=1e-9)


def test_quadrature_agrees_with_sampling():
    q = Normal(torch.tensor([0.1]), 0.8)
    f = lambda z: gaussian_log_joint(z) - q.log_prob(z)  # noqa: E731
    bound = exact.iwae(q, f, 2, exact.quadrature(-8.0, 8.0, 300))
    drawn = f(q.sample((2, 400_000))).logsumexp(0) - math.log(2)
    error = drawn.std() / len(drawn) ** 0.5
    assert error < 0.01 * bound.abs()
    assert (drawn.mean() - bound).abs() < 5 * error


def test_derivatives():
    a, w = torch.randn(2, 2, requires_grad=True), torch.randn(2, requires_grad=True)

    def value(a, w):
        q = Independent(Bernoulli(logits=a), 1)
        return exact.iwae(q, lambda z: (z @ w).cos() - q.log_prob(z), 3)

    assert torch.autograd.gradcheck(value, (a, w))


def test_weights_hundreds_of_nats_apart():
    table = torch.tensor([0.0, -800.0, 700.0], requires_grad=True)
    q = Categorical(logits=torch.zeros(1, 3))
    bound = exact.iwae(q, lambda z: table[z], 2)
    # the greater of two decides: pairs (0, 0) and (1, 1), and the three mixed kinds
    expected = (5 * 700 + 2 * 0 + 0 - 800 + 2 * 0) / 9 - 6 / 9 * math.log(2)
    assert bound.item() == pytest.approx(expected)
    (g,) = torch.autograd.grad(bound.sum(), table)
    assert g.tolist() == pytest.approx([3 / 9, 1 / 9, 5 / 9])


def test_a_value_without_mass_adds_nothing():
    logits = torch.tensor([[0.0, 0.0, -torch.inf]])
    table = torch.tensor([0.0, 1.0, -torch.inf], requires_grad=True)
    found = exact.iwae(Categorical(logits=logits), lambda z: table[z], 2)
    expected = exact.iwae(Categorical(logits=logits[:, :2]), lambda z: table[z], 2)
    assert found.item() == pytest.approx(expected.item())
    (g,) = torch.autograd.grad(found.sum(), table)
    assert torch.isfinite(g).all()
    assert g.sum().item() == pytest.approx(1.0)


def test_shapes_and_dtypes():
    assert exact.iwae(Bernoulli(0.25), lambda z: z, 3).shape == ()
    a = torch.randn(5, 2, dtype=torch.float32, requires_grad=True)
    q, f = coins(a.double())
    bound = exact.iwae(q, f, 2)
    assert bound.shape == (5,)
    assert bound.dtype == torch.float64
    (g,) = torch.autograd.grad(bound[3], a)
    assert g[3].abs().sum() > 0
    assert g[[0, 1, 2, 4]].abs().sum() == 0


def test_refusals():
    q, f = coins(torch.zeros(1, 2))
    with pytest.raises(ValueError, match="4194304"):
        exact.iwae(q, f, 11)
    with pytest.raises(ValueError, match="at least 1"):
        exact.iwae(q, f, 0)
    with pytest.raises(ValueError, match="one value per point and datapoint"):
        exact.iwae(q, lambda z: z, 2)
