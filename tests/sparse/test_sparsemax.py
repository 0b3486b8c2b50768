"""sparsemax solves its quadratic program, and its gradient is that of the support."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.autograd import gradcheck, gradgradcheck

from vilib.sparse import sparsemax
from vilib.sparse.candidates import SHORT

LONG = 3 * SHORT
SHAPES = [((7,), 0), ((4, 5), 0), ((4, 5), -2), ((2, 3, 4), 1), ((2, 3, 4), -2), ((2, 3, 4), -3)]
SHAPES += [((LONG,), 0), ((2, LONG), -1), ((LONG, 2), -2), ((2, LONG, 3), 1)]


def assert_solves(p, s, dim, slack=None):
    """The Karush-Kuhn-Tucker conditions of min ‖p - s‖² on the simplex, up to rounding."""
    slack = slack or 4e3 * torch.finfo(s.dtype).eps
    s = s - s.amax(dim, keepdim=True)
    p, s = p.double(), s.double()
    assert (p >= 0).all()
    assert ((p.sum(dim) - 1).abs() < slack).all()
    τ = torch.where(p > 0, s - p, -torch.inf).amax(dim, keepdim=True)
    assert ((s - p - τ).abs() < slack)[p > 0].all()
    assert (s <= τ + slack)[p == 0].all()


def by_bisection(s, dim):
    """The same by another algorithm: halve [max s - 1, max s] until nothing changes."""
    low = s.amax(dim, keepdim=True) - 1
    high = low + 1
    for _ in range(80):
        τ = (low + high) / 2
        more = (s - τ).clamp(min=0).sum(dim, keepdim=True) >= 1
        low, high = torch.where(more, τ, low), torch.where(more, high, τ)
    return (s - low).clamp(min=0)


def assert_jacobian(function, s):
    """∂p/∂s by central differences, at scores `[K]` that are away from kinks."""
    J = torch.autograd.functional.jacobian(function, s)
    h = 1e-4
    for j, e in enumerate(torch.eye(len(s), dtype=s.dtype, device=s.device)):
        slope = (function(s + h * e) - function(s - h * e)) / (2 * h)
        assert (J[:, j] - slope).abs().max() < 1e-9


@pytest.mark.parametrize(("shape", "dim"), SHAPES)
@pytest.mark.parametrize("spread", [0.01, 1.0, 30.0])
def test_solves_the_program(shape, dim, spread):
    s = spread * torch.randn(shape, dtype=torch.double)
    p = sparsemax(s, dim)
    assert_solves(p, s, dim, slack=1e-12)
    assert (p - by_bisection(s, dim)).abs().max() < 1e-12


@pytest.mark.parametrize(("shape", "dim"), SHAPES)
def test_default_dtype(shape, dim, dtype):
    s = torch.randn(shape)
    p = sparsemax(s, dim)
    assert p.shape == s.shape
    assert p.dtype == dtype
    assert p.device == s.device
    assert_solves(p, s, dim)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_scores(data):
    shape = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    size = torch.Size(shape).numel()
    numbers = st.one_of(st.integers(-3, 3), st.floats(-1e3, 1e3), st.just(-torch.inf))
    s = data.draw(st.lists(numbers, min_size=size, max_size=size))
    s = torch.tensor(s, dtype=torch.double).reshape(shape)
    # a row that is masked altogether has no answer
    s = torch.where((s == -torch.inf).all(dim, keepdim=True), 0.0, s)
    assert_solves(sparsemax(s, dim), s, dim, slack=1e-11)


@pytest.mark.parametrize("K", [5, LONG])
def test_shift_and_permutation(K):
    s = torch.randn(3, K, dtype=torch.double)
    p, order = sparsemax(s), torch.randperm(K)
    assert (sparsemax(s + 100) - p).abs().max() < 1e-12
    assert (sparsemax(s[:, order]) - p[:, order]).abs().max() < 1e-15


def test_two_categories_are_the_hard_sigmoid():
    a = torch.linspace(-3, 3, 61, dtype=torch.double)
    p = sparsemax(torch.stack([a, torch.zeros_like(a)], -1))[:, 0]
    assert (p - ((a + 1) / 2).clamp(0, 1)).abs().max() < 1e-15


@pytest.mark.parametrize(("shape", "dim"), SHAPES)
def test_autograd(shape, dim):
    # a grid that keeps scores .01 apart and, with an irrational shift, off the kinks
    K, rows = shape[dim], torch.Size(shape).numel() // shape[dim]
    s = torch.stack([torch.randperm(K) for _ in range(rows)]).double() * 2**0.5 / 20
    s = s.reshape(*[n for i, n in enumerate(shape) if i != dim % len(shape)], K).movedim(-1, dim)
    s = s.contiguous().requires_grad_()
    long = shape[dim] > SHORT
    assert gradcheck(sparsemax, (s, dim), fast_mode=long)
    assert gradgradcheck(sparsemax, (s, dim), fast_mode=long)


@pytest.mark.parametrize("K", [6, LONG])
def test_jacobian(K):
    s = torch.randn(K, dtype=torch.double)
    s[:6] = s.max() + torch.tensor([1.0, 0.9, 0.8, 0.35, -0.5, -torch.inf])
    J = torch.autograd.functional.jacobian(sparsemax, s)
    want = torch.zeros_like(J)
    want[:3, :3] = torch.eye(3, dtype=torch.double) - 1 / 3
    assert (J - want).abs().max() < 1e-15
    assert_jacobian(sparsemax, s.clamp(min=-9))


@pytest.mark.parametrize("K", [5, LONG])
def test_masked_scores_are_as_if_absent(K):
    s = torch.randn(4, K, dtype=torch.double)
    gone = torch.rand(K) < 0.5
    gone[0], gone[1] = True, False
    masked = s.masked_fill(gone, -torch.inf).requires_grad_()
    p = sparsemax(masked)
    assert (p[:, gone] == 0).all()
    assert (p[:, ~gone] - sparsemax(s[:, ~gone])).abs().max() < 1e-15
    (g,) = torch.autograd.grad((p**2).sum(), masked)
    assert g.isfinite().all()
    assert (g[:, gone] == 0).all()


@pytest.mark.parametrize("K", [1, 2, 7, SHORT, SHORT + 1, LONG])
@pytest.mark.parametrize("value", [0.0, -5.0, 1e30, -1e30])
def test_equal_scores(K, value):
    s = torch.full((2, K), value, requires_grad=True)
    p = sparsemax(s)
    assert (p - 1 / K).abs().max() < 1e-6
    (g,) = torch.autograd.grad(p[:, 0].sum(), s)
    want = -torch.full((2, K), 1 / K)
    want[:, 0] += 1
    assert (g - want).abs().max() < 1e-6


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("K", [4, LONG])
def test_huge_scores(dtype, K):
    s = (1e30 * torch.randn(3, K)).to(dtype).requires_grad_()
    p = sparsemax(s)
    p.square().sum().backward()
    assert torch.equal(p, torch.nn.functional.one_hot(s.argmax(-1), K).to(dtype))
    assert torch.equal(s.grad, torch.zeros_like(s))


@pytest.mark.parametrize("K", [3, LONG])
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_rows_without_an_answer_are_refused(K, bad):
    s = torch.randn(3, K)
    s[1] = bad if bad == -torch.inf else s[1]
    s[1, 0] = bad
    with pytest.raises(ValueError, match="largest score that is finite"):
        sparsemax(s)


def test_integers_are_refused():
    with pytest.raises(TypeError, match="floating"):
        sparsemax(torch.tensor([1, 2]))


@pytest.mark.parametrize("shape", [(0, 3), (0, LONG), (2, 0, LONG)])
def test_no_rows(shape):
    s = torch.zeros(shape, requires_grad=True)
    p = sparsemax(s)
    p.sum().backward()
    assert p.shape == s.grad.shape == shape


def test_rows_of_all_kinds_at_once():
    """Short cuts for long rows depend on the widest row: flat, peaked, masked and tied ones."""
    s = torch.randn(5, LONG, dtype=torch.double)
    s[0, 7], s[1, 1:] = 50.0, -torch.inf
    s[2, :40] = s[2].max()
    assert_solves(sparsemax(s), s, -1, slack=1e-12)
    s[3] *= 1e-3
    assert_solves(sparsemax(s), s, -1, slack=1e-12)


def test_not_contiguous():
    s = torch.randn(LONG, 4).t()
    assert torch.equal(sparsemax(s), sparsemax(s.contiguous()))
