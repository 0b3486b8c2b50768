"""Kumaraswamy where torch's own breaks, and where both are right."""

import pytest
import torch
from torch.distributions import Beta, kl_divergence
from torch.distributions import Kumaraswamy as TorchKumaraswamy

from tests.distributions import ladder, mutants
from vilib.distributions import Kumaraswamy

SMALL = torch.tensor(0.02, dtype=torch.float32)


def assert_survives(q):
    """At a = b = .02 in float32: a mode, samples inside, finite densities."""
    assert not q.mode.isnan()
    z = q.sample((20_000,))
    assert ((z > 0) & (z < 1)).all()
    assert q.log_prob(z).isfinite().all()


def share_with_gradient(kind):
    """The share of samples that have a gradient in b."""
    b = SMALL.expand(20_000).clone().requires_grad_()
    (g,) = torch.autograd.grad(kind(SMALL, b).rsample().sum(), b)
    assert g.isfinite().all()
    return (g != 0).double().mean()


def assert_gradient_survives(kind):
    """More samples have a gradient than float32 can tell from 1."""
    assert share_with_gradient(kind) > 0.8


def test_survives_where_torch_does_not():
    assert_survives(Kumaraswamy(SMALL, SMALL))
    with pytest.raises(AssertionError):
        assert_survives(TorchKumaraswamy(SMALL, SMALL, validate_args=False))


def test_gradient_survives_rounding():
    assert_gradient_survives(Kumaraswamy)
    with pytest.raises(AssertionError):
        assert_gradient_survives(mutants.CutGradient)


def test_samples_at_the_edge_have_the_right_distribution():
    q = Kumaraswamy(SMALL, SMALL)
    z = q.sample((200_000,)).double()
    exact_q = Kumaraswamy(SMALL.double(), SMALL.double())
    for x in (1e-20, 1e-3, 0.5, 0.999, 1 - 1e-6):
        below = exact_q.cdf(torch.tensor(x, dtype=torch.double))
        error = (below * (1 - below) / len(z)).sqrt()
        assert abs((z < x).double().mean() - below) < 5 * error


def test_log_samples_tell_numbers_close_to_one():
    log_z = Kumaraswamy(SMALL, SMALL).rsample_log((20_000,))
    gap = -torch.expm1(log_z)  # 1 - z
    assert (gap < 1e-12).double().mean() > 0.4
    assert (gap > 0).double().mean() > 0.8


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.5, 4.0), (5.0, 0.7), (1.0, 1.0)])
def test_agrees_with_torch_where_torch_is_right(a, b):
    ours = Kumaraswamy(torch.tensor(a), torch.tensor(b))
    theirs = TorchKumaraswamy(torch.tensor(a), torch.tensor(b))
    z = torch.linspace(0.05, 0.95, 19)
    for name in ("log_prob", "cdf", "icdf"):
        ladder.assert_close(getattr(ours, name)(z), getattr(theirs, name)(z))
    for name in ("mean", "variance"):
        ladder.assert_close(getattr(ours, name), getattr(theirs, name))
    ladder.assert_close(ours.entropy(), theirs.entropy())


@pytest.mark.parametrize(
    ("a", "b"),
    [(3, 2), (1, 2), (.5, 2), (2, 1), (2, .5), (.5, 1), (1, .5), (.5, .9), (.9, .5), (.5, .5)],
)  # fmt: skip
def test_mode_is_where_the_density_is_highest(a, b):
    q = Kumaraswamy(torch.tensor(a).double(), torch.tensor(b).double())
    edge = torch.logspace(-200, -3, 500, dtype=torch.double)
    inside = torch.linspace(0.001, 0.999, 999, dtype=torch.double)
    near_one = 1 - torch.logspace(-15, -3, 500, dtype=torch.double)
    z = torch.cat([edge, inside, near_one])
    best = z[q.log_prob(z).argmax()]
    if a < 1 and b < 1:  # compare the ends at the same distance from each
        ends = torch.tensor([1e-12, 1 - 1e-12], dtype=torch.double)
        best = q.log_prob(ends).argmax().double()
    assert abs(q.mode - best) < 0.01


def test_mode_of_the_uniform():
    assert Kumaraswamy(1.0, 1.0).mode == 0.5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cdf_at_both_ends(dtype):
    a, b = (torch.tensor([0.02, 1.0, 7.0], dtype=dtype, requires_grad=True) for _ in range(2))
    z = torch.tensor([[0.0], [0.3], [1.0]], dtype=dtype, requires_grad=True)
    F = Kumaraswamy(a, b).cdf(z)
    assert torch.equal(F[[0, 2]], torch.tensor([[0.0] * 3, [1.0] * 3], dtype=dtype))
    ladder.assert_close(F[1], 1 - (1 - 0.3**a) ** b, 1e-6)
    ends = torch.autograd.grad(F[[0, 2]].sum(), [a, b, z], retain_graph=True)
    assert all((g == 0).all() for g in ends)
    every = torch.autograd.grad(F.sum(), [a, b])
    alone = torch.autograd.grad(Kumaraswamy(a, b).cdf(z[1]).sum(), [a, b])
    for one, other in zip(every, alone):
        ladder.assert_close(one, other, 1e-6)
        assert (one != 0).any()


def test_icdf_inverts_the_cdf():
    q = Kumaraswamy(torch.tensor([0.3, 2.0]), torch.tensor([4.0, 0.5]))
    u = torch.linspace(0.01, 0.99, 50)[:, None]
    ladder.assert_close(q.cdf(q.icdf(u)), u.expand(50, 2), 1e-5)


@pytest.mark.parametrize(
    ("a", "b"), [(0.02, 0.02), (3.0, 0.5), (1e3, 1e3), (1e-3, 50.0), (2.0, 1e-3)]
)
def test_log_cdf_and_log_survival_add_up_to_one(a, b):
    q = Kumaraswamy(torch.tensor(a).double(), torch.tensor(b).double())
    z = torch.cat(
        [
            torch.logspace(-290, -2, 50, dtype=torch.double),
            torch.linspace(0.02, 1 - 1e-9, 50, dtype=torch.double),
        ]
    )
    z.requires_grad_()
    log_F, log_S = q.log_cdf(z), q.log_survival(z)
    ladder.assert_close(torch.logaddexp(log_F, log_S), torch.zeros(100), 1e-12)
    (slope,) = torch.autograd.grad(log_F.sum(), z)
    # F' / F is the density over F: the two were found by different formulas
    want = (q.log_prob(z) - log_F).exp().detach()
    assert ((slope - want).abs() <= 1e-6 * want).all()


def divergence_in_many_digits(a, b, α, β):
    """∫ e^(-ε) (log p - log q) dε at z = (1 - e^(-ε/b))^(1/a), by adaptive quadrature."""
    mp = pytest.importorskip("mpmath").mp

    def term(ε):
        log_beyond = -ε / b  # log(1 - zᵃ)
        near_zero = log_beyond > -1
        power = mp.log(-mp.expm1(log_beyond)) if near_zero else mp.log1p(-mp.exp(log_beyond))
        log_z = power / a
        log_rest = mp.log(-mp.expm1(log_z))
        log_p = mp.log(a * b) + (a - 1) * log_z + (b - 1) * log_beyond
        log_q = (α - 1) * log_z + (β - 1) * log_rest - mp.log(mp.beta(α, β))
        return mp.exp(-ε) * (log_p - log_q)

    with mp.workdps(30):
        return float(mp.quad(term, [0, 1e-6, 1e-3, 0.03, 0.3, 1, 3, 10, 30, 80]))


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.4, 0.3), (5.0, 0.05)])
@pytest.mark.parametrize(("α", "β"), [(2.0, 5.0), (0.5, 0.5)])
def test_divergence_from_a_beta(a, b, α, β):
    """Also for b < 1, where the Taylor series with ten terms is far off."""
    p = Kumaraswamy(torch.tensor(a, dtype=torch.double), torch.tensor(b, dtype=torch.double))
    q = Beta(torch.tensor(α, dtype=torch.double), torch.tensor(β, dtype=torch.double))
    truth = torch.tensor(divergence_in_many_digits(a, b, α, β), dtype=torch.double)
    ladder.assert_close(kl_divergence(p, q), truth, 1e-8)
    if b < 1:
        with pytest.raises(AssertionError):
            ladder.assert_close(mutants.taylor(p, q), truth, 0.01)


@pytest.mark.parametrize("a", [0.02, 1.0, 50.0])
@pytest.mark.parametrize("b", [0.02, 1.0, 50.0])
def test_divergence_from_a_beta_is_finite_and_positive(a, b):
    leaves = [torch.tensor(x, requires_grad=True, dtype=torch.float32) for x in (a, b, 2.0, 3.0)]
    divergence = kl_divergence(Kumaraswamy(*leaves[:2]), Beta(*leaves[2:]))
    assert divergence >= 0
    assert all(g.isfinite() for g in torch.autograd.grad(divergence, leaves))
