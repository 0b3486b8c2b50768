"""Relaxed samples: the right side of the threshold always, the right distribution, derivatives."""

import pytest
import torch
from torch.distributions import (
    Bernoulli,
    Categorical,
    Independent,
    Normal,
    OneHotCategorical,
)
from torch.nn.functional import one_hot, softplus

from vilib.estimators.relaxation import BernoulliRelaxation, OneHotRelaxation, relaxation_of

EXTREME = (-40.0, -8.0, -1.5, 0.0, 8.0, 40.0)
ROW = (0.5, 0.0, -1.0)


def assert_hard_again(given, relaxation, b, noise):
    """hard(z) is the b that z was drawn for, whatever the noise."""
    z = given(b, relaxation.logits, noise)
    assert z.isfinite().all()
    wrong = (relaxation.hard(z) != b).sum().item()
    assert wrong == 0, f"{wrong} of {b.numel()} entries on the wrong side"


# --- the wrong versions


def through_the_distribution_function(b, a, noise):
    """The textbook's u' = v p + (1 - p), which rounds to 1 and has no logit left."""
    p, v = a.sigmoid(), noise.sigmoid()
    u = torch.where(b == 1, v * p + 1 - p, v * (1 - p))
    return a + u.logit(torch.finfo(u.dtype).eps)


def absolute_gumbels(b, a, noise):
    """The maximum where it is, and the others below: a tie once the difference is rounded off."""
    top = (b * noise).sum(-1, keepdim=True)
    return top + (b - 1) * softplus(top - noise - a.log_softmax(-1))


def not_truncated(b, a, noise):
    """The drawn category gets the maximum, the others are drawn as if nothing were known."""
    return torch.where(b == 1, noise, a.log_softmax(-1) + noise)


def unconditioned(b, a, noise):
    return a + noise


def location_forgotten(b, a, noise):
    side = 2 * b - 1
    return side * softplus(noise + softplus(0 * a))


def not_normalised(b, a, noise):
    """log q replaced by logits that do not add up to one."""
    top = (b * noise).sum(-1, keepdim=True)
    return (b - 1) * softplus(top - noise - (a + 1.0))


# --- the side of the threshold


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_bits_stay_on_their_side(dtype):
    bits = BernoulliRelaxation(torch.tensor(EXTREME, dtype=dtype))
    noise = bits.noise(20_000)
    for b in (torch.zeros_like(noise), torch.ones_like(noise)):
        assert_hard_again(bits.given, bits, b, noise)
    with pytest.raises(AssertionError, match="wrong side"):
        assert_hard_again(through_the_distribution_function, bits, b, noise)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("k", range(6))
def test_rows_keep_their_argmax(dtype, k):
    rows = OneHotRelaxation(torch.tensor(EXTREME, dtype=dtype))
    noise = rows.noise(20_000)
    b = one_hot(torch.tensor(k), 6).to(noise).expand_as(noise)
    assert_hard_again(rows.given, rows, b, noise)
    if k < 5:
        with pytest.raises(AssertionError, match="wrong side"):
            assert_hard_again(not_truncated, rows, b, noise)


def test_a_narrow_margin_is_not_rounded_away():
    # the first category nearly ties with the second, which was drawn
    rows = OneHotRelaxation(torch.tensor([0.0, -40.0], dtype=torch.float32))
    b, noise = torch.tensor([[0.0, 1.0]]).float(), torch.tensor([[15.0, -3.0]]).float()
    assert_hard_again(rows.given, rows, b, noise)
    with pytest.raises(AssertionError, match="wrong side"):
        assert_hard_again(absolute_gumbels, rows, b, noise)


# --- the distribution


@pytest.mark.parametrize("kind", ["bits", "rows"])
def test_hard_samples_follow_q(kind):
    a = torch.tensor(ROW)
    relaxation = BernoulliRelaxation(a) if kind == "bits" else OneHotRelaxation(a)
    p = relaxation.mean(a)
    N = 200_000
    found = relaxation.hard(a + relaxation.noise(N)).mean(0)
    assert ((found - p).abs() < 5 * (p * (1 - p) / N).sqrt()).all()


def assert_truncated_logistic(given):
    """The distribution function of a logistic variable cut at 0 turns z into its noise again."""
    u = torch.linspace(0.01, 0.99, 99, dtype=torch.float64)[:, None]
    a = torch.tensor([-6.0, -1.5, 0.0, 0.7, 6.0], dtype=torch.float64)
    p = a.sigmoid()
    for b in (0.0, 1.0):
        z = given(torch.full_like(u, b), a, u.logit())
        below = (z - a).sigmoid()  # P(logistic < z)
        inside = (below - (1 - p)) / p if b else 1 - below / (1 - p)
        assert torch.allclose(inside, u.expand_as(inside), rtol=1e-6, atol=1e-8), "distribution"


def test_bits_given_have_the_truncated_distribution():
    # no Monte Carlo error: together with P(b) this is the distribution of z itself
    assert_truncated_logistic(BernoulliRelaxation(torch.zeros(1)).given)
    for wrong in (unconditioned, location_forgotten):
        with pytest.raises(AssertionError, match="distribution"):
            assert_truncated_logistic(wrong)


def assert_margins(given, k, N=200_000):
    """P(zₖ - zᵢ > dᵢ for all i ≠ k | argmax = k) = 1/(qₖ + ∑ qᵢ exp dᵢ), in standard errors."""
    rows = OneHotRelaxation(torch.tensor(ROW))
    q = rows.mean(rows.logits)
    noise = rows.noise(N)
    b = one_hot(torch.tensor(k), 3).to(noise).expand_as(noise)
    z = given(b, rows.logits, noise)
    margin = z[:, k : k + 1] - z
    for d in ([0.5, 0.5, 0.5], [0.0, 1.0, 2.0], [2.0, 0.1, 0.7], [3.0, 3.0, 0.0]):
        d = torch.tensor(d)
        d[k] = -1.0  # no condition on k itself
        exact = 1 / (q[k] + (q * d.exp()).sum() - q[k] * d[k].exp())
        found = (margin > d).all(-1).to(q).mean()
        error = (exact * (1 - exact) / N).sqrt()
        assert (found - exact).abs() < 5 * error, f"{(found - exact).abs() / error:.1f} errors"


@pytest.mark.parametrize("k", range(3))
def test_rows_given_have_the_right_margins(k):
    assert_margins(OneHotRelaxation(torch.zeros(1)).given, k)
    for wrong in (not_truncated, not_normalised, unconditioned):
        with pytest.raises(AssertionError, match="errors"):
            assert_margins(wrong, k)


def test_both_orders_give_the_same_soft_rows():
    # z and then b, or b and then z: first and second moments of softmax(z/τ)
    rows, N = OneHotRelaxation(torch.tensor(ROW)), 200_000
    z = rows.logits + rows.noise(N)
    again = rows.given(rows.hard(z), rows.logits, rows.noise(N))
    moments = [
        torch.cat([s, s**2, s[:, :1] * s[:, 1:]], -1)
        for s in (rows.soft(z, 0.5), rows.soft(again, 0.5))
    ]
    error = (sum(m.var(0) for m in moments) / N).sqrt()
    assert ((moments[0].mean(0) - moments[1].mean(0)).abs() < 5 * error).all()


def test_two_categories_are_one_bit():
    a = torch.tensor([-40.0, -1.5, 0.0, 3.0])
    bits, rows = BernoulliRelaxation(a), OneHotRelaxation(torch.stack([0 * a, a], -1))
    gumbel = rows.noise(50)
    logistic = gumbel[..., 1] - gumbel[..., 0]
    z, row = a + logistic, rows.logits + gumbel
    assert torch.equal(bits.hard(z), rows.hard(row)[..., 1])
    assert torch.allclose(bits.soft(z, 0.5), rows.soft(row, 0.5)[..., 1], atol=1e-5)
    b = bits.hard(z)
    given = rows.given(torch.stack([1 - b, b], -1), rows.logits, gumbel)
    expected = bits.given(b, a, (2 * b - 1) * logistic)
    assert torch.allclose(given[..., 1] - given[..., 0], expected, rtol=1e-4)


# --- derivatives


@pytest.mark.parametrize("kind", ["bits", "rows"])
def test_derivatives_in_logits_and_temperature(kind):
    a = torch.tensor([ROW, (2.0, -3.0, 0.1)], dtype=torch.float64, requires_grad=True)
    tau = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    cls = BernoulliRelaxation if kind == "bits" else OneHotRelaxation
    relaxation = cls(a)
    noise, other = relaxation.noise(4), relaxation.noise(4)
    b = relaxation.hard(a + noise)
    for function in (
        lambda a, tau: relaxation.soft(a + noise, tau),
        lambda a, tau: relaxation.soft(relaxation.given(b, a, other), tau),
    ):
        assert torch.autograd.gradcheck(function, (a, tau))
        assert torch.autograd.gradgradcheck(function, (a, tau))


@pytest.mark.parametrize("cls", [BernoulliRelaxation, OneHotRelaxation])
def test_extreme_logits_have_finite_derivatives(cls):
    a = torch.tensor([EXTREME, [0.0] * 6], dtype=torch.float32, requires_grad=True)
    tau = torch.tensor(0.05, dtype=torch.float32, requires_grad=True)
    relaxation = cls(a)
    z = a + relaxation.noise(1000)
    again = relaxation.given(relaxation.hard(z), a, relaxation.noise(1000))
    s = relaxation.soft(torch.cat([z, again]), tau)
    weights = torch.arange(1.0, 7.0, dtype=s.dtype)
    g = torch.autograd.grad((s @ weights).square().sum(), (a, tau))
    assert all(x.isfinite().all() for x in g)
    assert g[1].abs() > 0
    # far from denormal numbers, also when squared
    assert s.min() > 1e-15


def test_what_can_be_relaxed():
    a = torch.zeros(2, 3)
    assert isinstance(relaxation_of(Independent(Bernoulli(logits=a), 1)), BernoulliRelaxation)
    rows = relaxation_of(Independent(OneHotCategorical(probs=a + 1), 1))
    assert isinstance(rows, OneHotRelaxation)
    assert rows.noise(5).shape == (5, 2, 3)
    with pytest.raises(ValueError, match="write a Categorical as a OneHotCategorical"):
        relaxation_of(Categorical(logits=a))
    with pytest.raises(ValueError, match="only bits and one-hot rows"):
        relaxation_of(Normal(a, 1.0))


@pytest.mark.parametrize("cls", [BernoulliRelaxation, OneHotRelaxation])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_noise_is_finite_and_of_the_logits_dtype(cls, dtype):
    noise = cls(torch.zeros(1000, dtype=dtype)).noise(1000)
    assert noise.dtype == dtype
    assert noise.isfinite().all()
