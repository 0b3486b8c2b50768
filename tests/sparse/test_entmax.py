"""entmax by two algorithms, at its limits, with gradients in scores and in α."""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from vilib.sparse import entmax, sparsemax
from vilib.sparse.candidates import SHORT

LONG = 3 * SHORT
ALPHAS = [1.05, 1.3, 1.5, 1.9, 2.5, 4.0]


def assert_solves(p, s, alpha, dim, slack):
    """p > 0 where (p^{α-1} - 1)/(α-1) = s - c, p = 0 where s - c ≤ -1/(α-1), and ∑ p = 1."""
    assert (p >= 0).all()
    assert ((p.sum(dim) - 1).abs() < slack).all()
    s = s - s.amax(dim, keepdim=True)
    a = alpha - 1
    c = torch.where(p > 0, s - (p**a - 1) / a, -torch.inf).amax(dim, keepdim=True)
    assert ((s - c - (p**a - 1) / a).abs() < slack)[p > 0].all()
    assert (s - c <= -1 / a + slack)[p == 0].all()


def by_bisection(s, alpha, dim):
    """Peters, Niculae and Martins' bisection on τ = (α-1) c - 1, unnormalised."""
    z = (alpha - 1) * s
    low = z.amax(dim, keepdim=True) - 1
    high = low + 1
    for _ in range(80):
        τ = (low + high) / 2
        more = ((z - τ).clamp(min=0) ** (1 / (alpha - 1))).sum(dim, keepdim=True) >= 1
        low, high = torch.where(more, τ, low), torch.where(more, high, τ)
    return (z - low).clamp(min=0) ** (1 / (alpha - 1))


def tensor_of(alpha):
    return torch.tensor(alpha, dtype=torch.double)


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize(
    ("shape", "dim"), [((4, 5), -1), ((4, 5), 0), ((2, 3, 4), -2), ((2, LONG), 1), ((LONG, 2), -2)]
)
@pytest.mark.parametrize("spread", [0.1, 3.0])
def test_solves_the_program(alpha, shape, dim, spread):
    s = spread * torch.randn(shape, dtype=torch.double)
    p = entmax(s, alpha, dim)
    # bisection leaves τ an error of 1e-16, of which p gets the power 1/(α-1)
    slack = 1e-12 if alpha <= 2 else 1e-16 ** (1 / (alpha - 1)) * 10 + 1e-9
    assert_solves(p, s, alpha, dim, 1e-11 if alpha <= 2 else 1e-8)
    assert (p - by_bisection(s, alpha, dim)).abs().max() < slack


@pytest.mark.parametrize(("shape", "dim"), [((4, 5), -1), ((3, LONG), -1), ((LONG, 2, 2), -3)])
def test_sorting_and_newton_agree(shape, dim):
    s = 2 * torch.randn(shape, dtype=torch.double)
    assert (entmax(s, 1.5, dim) - entmax(s, tensor_of(1.5), dim)).abs().max() < 1e-14


@pytest.mark.parametrize("K", [6, LONG])
def test_limits(K):
    s = torch.randn(4, K, dtype=torch.double)
    assert (entmax(s, 1) - s.softmax(-1)).abs().max() < 1e-15
    assert (entmax(s, 2) - sparsemax(s)).abs().max() < 1e-15
    for a, limit in [(tensor_of(1.0), s.softmax(-1)), (tensor_of(2.0), sparsemax(s))]:
        assert (entmax(s, a) - limit).abs().max() < 1e-14
    for near in (1e-5, 1e-8, 1e-11):
        assert (entmax(s, 1 + near) - s.softmax(-1)).abs().max() < 20 * near + 1e-14
        assert (entmax(s, 2 + near) - sparsemax(s)).abs().max() < 20 * near + 1e-14
        assert (entmax(s, 2 - near) - sparsemax(s)).abs().max() < 20 * near + 1e-14


def test_no_loss_near_softmax_in_float32():
    """(1 + (α-1) u)^{1/(α-1)} taken literally has an error of eps/(α-1)."""
    s = torch.randn(8, 20)
    want = entmax(s.double(), 1 + 2.0**-14)
    assert (entmax(s.float(), 1 + 2.0**-14) - want).abs().max() < 1e-6
    literal = (1 + 2.0**-14 * s.float()) ** (2.0**14)
    literal = literal / literal.sum(-1, keepdim=True)
    assert (literal - want).abs().max() > 1e-4


def test_two_categories():
    """p₁^{1/2} - p₂^{1/2} = t/2 for α = 3/2: Peters, Niculae and Martins' closed form."""
    t = torch.linspace(-3, 3, 31, dtype=torch.double)
    p = entmax(torch.stack([t, torch.zeros_like(t)], -1), 1.5)[:, 0]
    inside = 0.5 + t / 8 * (8 - t**2).clamp(min=0).sqrt()
    want = torch.where(t >= 2, 1.0, torch.where(t <= -2, 0.0, inside))
    assert (p - want).abs().max() < 1e-14


@pytest.mark.parametrize("alpha", [1.0, 1.001, *ALPHAS, 2.0])
@pytest.mark.parametrize(("shape", "dim"), [((2, 5), -1), ((5, 2), 0), ((2, 4, 3), -2)])
def test_autograd_in_scores(alpha, shape, dim):
    s = torch.randn(shape, dtype=torch.double)
    # for α > 2 the slope has no bound at the edge of the support: all inside
    s = (s if alpha <= 2 else 0.02 * s).requires_grad_()
    assert gradcheck(lambda s: entmax(s, alpha, dim), s)
    assert gradgradcheck(lambda s: entmax(s, alpha, dim), s)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_autograd_in_alpha(alpha):
    s = torch.randn(3, 6, dtype=torch.double)
    s = (s if alpha <= 2 else 0.02 * s).requires_grad_()
    a = torch.tensor([[alpha], [alpha + 0.02], [alpha - 0.02]], dtype=torch.double)
    a.requires_grad_()
    assert gradcheck(entmax, (s, a))
    assert gradgradcheck(entmax, (s, a))


@pytest.mark.parametrize("alpha", [1.0, 1 + 1e-9, 1 + 1e-4, 1.02, 2.0])
def test_slope_in_alpha_by_differences(alpha):
    """Near α = 1 the published formula divides a difference by (α-1)²: this one does not."""
    s, w = torch.randn(2, 4, 7, dtype=torch.double)
    a = tensor_of(alpha).requires_grad_()
    (slope,) = torch.autograd.grad((w * entmax(s, a)).sum(), a)
    h = 1e-5

    def value(alpha):
        return (w * entmax(s, tensor_of(alpha))).sum()

    # one-sided, of second order: α below 1 does not exist
    want = (-1.5 * value(alpha) + 2 * value(alpha + h) - 0.5 * value(alpha + 2 * h)) / h
    assert (slope - want).abs() < 1e-7


def published_slope(s, alpha):
    """(p - w)/(α-1)² + (h - w ∑ h)/(α-1): right on paper, without digits near α = 1."""
    p, a = entmax(s, alpha), alpha - 1
    h, w = -torch.special.xlogy(p, p), torch.where(p > 0, p ** (1 - a), 0.0)
    w = w / w.sum(-1, keepdim=True)
    return (p - w) / a**2 + (h - w * h.sum(-1, keepdim=True)) / a


def test_published_slope_elsewhere_and_its_loss_near_softmax():
    s = torch.randn(7, dtype=torch.double)
    for alpha, agrees in [(1.3, True), (1.7, True), (1 + 1e-7, False)]:
        a = tensor_of(alpha)
        slope = torch.autograd.functional.jacobian(lambda a: entmax(s, a), a)
        assert ((slope - published_slope(s, alpha)).abs().max() < 1e-10) == agrees


@pytest.mark.parametrize("alpha", [1, 1.2, 1.5, 2, 3.0])
@pytest.mark.parametrize("K", [6, LONG])
def test_masked_scores_are_as_if_absent(alpha, K):
    s = torch.randn(4, K, dtype=torch.double)
    gone = torch.arange(K) % 2 == 0
    for a in (alpha, tensor_of(alpha)):
        masked = s.masked_fill(gone, -torch.inf).requires_grad_()
        p = entmax(masked, a)
        assert (p[:, gone] == 0).all()
        assert (p[:, ~gone] - entmax(s[:, ~gone], a)).abs().max() < 1e-13
        (g,) = torch.autograd.grad((p**2).sum(), masked)
        assert g.isfinite().all()


@pytest.mark.parametrize("alpha", [1, 1.01, 1.5, 1.9, 2, 3.0, 10.0, 100.0])
@pytest.mark.parametrize("spread", [0.0, 1e-30, 1.0, 1e3, 1e30])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_scores(alpha, spread, dtype):
    s = (spread * torch.randn(3, 150, dtype=torch.double)).to(dtype).requires_grad_()
    for a in (alpha, torch.tensor(alpha, dtype=dtype, requires_grad=True)):
        p = entmax(s, a)
        assert p.dtype == dtype
        assert ((p.sum(-1) - 1).abs() < 1e-5).all()
        wanted = [s] if a is alpha else [s, a]
        for g in torch.autograd.grad((p * torch.randn_like(p)).sum(), wanted):
            assert g.isfinite().all()


def test_one_category():
    for alpha in (1, 1.5, 1.7, 2, 3.0):
        assert torch.equal(entmax(torch.tensor([[-4.0]]), alpha), torch.ones(1, 1))


def test_alpha_per_row_or_refused():
    s = torch.randn(2, 5, dtype=torch.double)
    p = entmax(s, torch.tensor([[1.2], [2.0]], dtype=torch.double))
    assert (p[0] - entmax(s[0], 1.2)).abs().max() < 1e-14
    assert (p[1] - sparsemax(s[1])).abs().max() < 1e-14
    for bad in (0.9, torch.inf, torch.nan, torch.tensor(0.5), torch.full((2, 5), 1.5)):
        with pytest.raises(ValueError, match="alpha must"):
            entmax(s, bad)
    for a in (1, 1.5, 1.7, torch.tensor(1.5)):
        with pytest.raises(ValueError, match="largest score that is finite"):
            entmax(torch.full((2, 3), -torch.inf), a)


def test_peer():
    """The entmax package, away from `dim=-2` with `k`, where it fails."""
    peer = pytest.importorskip("entmax")
    s = 2 * torch.randn(4, 300, dtype=torch.double)
    assert (entmax(s, 1.5) - peer.entmax15(s, dim=-1)).abs().max() < 1e-13
    assert (sparsemax(s, 0) - peer.sparsemax(s, dim=0)).abs().max() < 1e-13
    for alpha in (1.2, 1.5, 1.8):
        want = peer.entmax_bisect(s, alpha, dim=-1, n_iter=80)
        assert (entmax(s, alpha) - want).abs().max() < 1e-12


# mutants


def wrong_variance(s):
    """Sorting without the square root's 1/n: τ = mean - √(1 - variance)."""
    z = (s / 2).sort(-1, descending=True).values
    n = torch.arange(1, s.shape[-1] + 1, dtype=s.dtype)
    mean, square = z.cumsum(-1) / n, (z**2).cumsum(-1) / n
    τ = mean - (1 - (square - mean**2)).clamp(min=0).sqrt()
    size = (τ < z).sum(-1, keepdim=True)
    return (s / 2 - τ.gather(-1, size - 1)).clamp(min=0) ** 2


def not_halved(s):
    """The scores not multiplied by α - 1."""
    return entmax(2 * s, 1.5)


@pytest.mark.parametrize("mutant", [wrong_variance, not_halved])
def test_mutants_are_found(mutant):
    s = torch.randn(5, 6, dtype=torch.double)
    assert_solves(entmax(s, 1.5), s, 1.5, -1, 1e-11)
    with pytest.raises(AssertionError):
        assert_solves(mutant(s), s, 1.5, -1, 1e-11)
