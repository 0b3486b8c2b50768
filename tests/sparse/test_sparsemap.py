"""SparseMAP against brute force, closed forms and the conditions of optimality."""

import itertools
import sys

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch.autograd import gradcheck

from vilib.sparse import sparsemap, sparsemax
from vilib.sparse.k_best import k_best


def bits(D):
    """All vectors of D bits."""
    return torch.tensor(list(itertools.product((0, 1), repeat=D)))


def subsets(D, size):
    """All vectors of D bits of which `size` are 1."""
    z = bits(D)
    return z[z.sum(-1) == size]


def permutations(n):
    """All permutation matrices as vectors of n² bits."""
    return torch.stack([torch.eye(n)[list(p)].flatten() for p in itertools.permutations(range(n))])


def sequences(T, K):
    """All tag sequences: T·K unary parts, and (T - 1)·K² transitions."""
    rows = []
    for z in itertools.product(range(K), repeat=T):
        unary = torch.eye(K)[list(z)].flatten()
        edges = [torch.eye(K * K)[a * K + b] for a, b in itertools.pairwise(z)]
        rows.append(torch.cat([unary, *edges]))
    return torch.stack(rows)


STRUCTURES = {
    "simplex": lambda: torch.eye(5),
    "bits": lambda: bits(4),
    "two of five": lambda: subsets(5, 2),
    "at most two": lambda: torch.cat([subsets(4, n) for n in range(3)]),
    "permutations": lambda: permutations(3),
    "sequences": lambda: sequences(3, 2),
    "one": lambda: torch.tensor([[1, 0, 1]]),
    "twice the same": lambda: torch.tensor([[1, 0, 1], [1, 0, 1], [0, 1, 0]]),
    "no bits at all": lambda: torch.randn(9, 3),
}


def assert_optimal(result, s, A):
    """Primal and dual feasible, and complementary: the only point that is all of it."""
    mu, structures, p = result
    A, tolerance = A.to(s), 2e-4 if s.dtype == torch.float32 else 1e-7
    scale = tolerance * (1 + s.abs().max())
    assert (p >= 0).all()
    assert torch.allclose(p.sum(0), torch.ones_like(p[0]), atol=tolerance)
    assert torch.allclose((p[..., None] * structures).sum(0), mu, atol=tolerance)
    for b in range(len(s)):
        # what has mass is a structure
        assert all((a == A).all(-1).any() for a in structures[:, b])
        # no structure is better than μ under s - μ, and those with mass are as good
        value = (s[b] - mu[b]) @ mu[b]
        assert ((A @ (s[b] - mu[b])) <= value + scale).all()
        assert torch.allclose(structures[p[:, b] > 0, b] @ (s[b] - mu[b]), value, atol=scale)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("name", STRUCTURES)
def test_optimality(name, scale, dtype):
    A = STRUCTURES[name]()
    s = (scale * torch.randn(20, A.shape[-1])).to(dtype)
    result = sparsemap(s, A)
    assert result.marginals.dtype == dtype
    assert_optimal(result, s, A)
    # affinely independent, so at most D + 1
    assert ((result.probs > 0).sum(0) <= A.shape[-1] + 1).all()


def not_optimal_map(s, A):
    """A mistake: the best structure, without the quadratic term."""
    best = A[(A.to(s) @ s[0]).argmax()].to(s)
    return best[None], best[None, None], torch.ones(1, 1)


def not_optimal_softmax(s, A):
    """A mistake: sparsemax of the structures' scores, the quadratic term on p instead of μ."""
    p = sparsemax(A.to(s) @ s[0])
    return (p @ A.to(s))[None], A.to(s)[:, None], p[:, None]


@pytest.mark.parametrize("wrong", [not_optimal_map, not_optimal_softmax])
def test_mutants_die(wrong):
    s, A = torch.tensor([[0.9, 0.7, 0.4, 0.1, 0.0]]), subsets(5, 2)
    assert_optimal(sparsemap(s, A), s, A)
    with pytest.raises(AssertionError):
        assert_optimal(wrong(s, A), s, A)


@pytest.mark.parametrize("name", STRUCTURES)
def test_against_scipy(name):
    A = STRUCTURES[name]().double().cpu().numpy()
    for s in torch.randn(3, A.shape[1], dtype=torch.double).cpu().numpy():
        found = minimize(
            lambda p, s: 0.5 * ((p @ A - s) ** 2).sum(),
            np.full(len(A), 1 / len(A)),
            args=(s,),
            jac=lambda p, s: A @ (p @ A - s),
            bounds=[(0, 1)] * len(A),
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1, "jac": np.ones_like},
            method="SLSQP",
            options={"ftol": 1e-13, "maxiter": 1000},
        )
        mu = sparsemap(torch.as_tensor(s), torch.as_tensor(A)).marginals
        assert np.allclose(mu.cpu(), found.x @ A, atol=1e-5)


# --- closed forms


def test_on_the_simplex_it_is_sparsemax():
    s = 2 * torch.randn(50, 8)
    mu, structures, p = sparsemap(s, torch.eye(8))
    assert torch.allclose(mu, sparsemax(s), atol=1e-6)
    assert torch.allclose((p[..., None] * structures).sum(0), mu, atol=1e-6)


def test_on_the_cube_every_bit_is_clamped():
    # 2³⁰ structures, of which the oracle knows the best
    s = 3 * torch.randn(5, 30)
    mu, _, p = sparsemap(s, lambda s: s > 0)
    assert torch.allclose(mu, s.clamp(0, 1), atol=1e-6)
    assert ((p > 0).sum(0) <= 31).all()


def test_on_a_budget_the_clamped_bits_share_a_price():
    # five of forty
    def best(s):
        return torch.zeros_like(s).scatter(0, s.topk(5).indices, 1.0)

    s = torch.randn(4, 40)
    mu = sparsemap(s, best).marginals
    assert torch.allclose(mu.sum(-1), torch.full((4,), 5.0), atol=1e-5)
    for s_b, mu_b in zip(s, mu):
        price = (s_b - mu_b)[(mu_b > 1e-4) & (mu_b < 1 - 1e-4)].mean()
        assert torch.allclose(mu_b, (s_b - price).clamp(0, 1), atol=1e-5)


def test_large_scores_leave_the_best_structure():
    A = subsets(6, 3)
    s = 1e4 * torch.randn(6)
    mu, structures, p = sparsemap(s, A)
    assert torch.equal(mu, A[(A.to(s) @ s).argmax()].to(s))
    assert p.tolist() == [1.0]
    assert structures.shape == (1, 6)


# --- gradient


@pytest.mark.parametrize("name", ["simplex", "bits", "two of five", "permutations", "sequences"])
def test_gradient(name):
    A = STRUCTURES[name]()
    s = (0.5 * torch.randn(3, A.shape[-1], dtype=torch.double)).requires_grad_()
    assert gradcheck(lambda s: sparsemap(s, A).marginals, s)


def test_gradient_of_the_distribution():
    s = torch.tensor([1.0, 0.6, 0.3, -2.0], dtype=torch.double, requires_grad=True)
    assert (sparsemap(s, subsets(4, 2)).probs > 0).sum() == 2
    assert gradcheck(lambda s: sparsemap(s, subsets(4, 2)).probs, s)


def test_gradient_on_the_simplex_is_sparsemax_s():
    s = torch.randn(10, 6, requires_grad=True)
    w = torch.randn(6)
    found, truth = (
        torch.autograd.grad((x @ w).sum(), s)[0]
        for x in (sparsemap(s, torch.eye(6)).marginals, sparsemax(s))
    )
    assert torch.allclose(found, truth, atol=1e-5)


# --- the contract


def test_shapes_and_padding():
    A = subsets(4, 2)
    s = torch.tensor([[[9.0, 8.0, 0.0, 0.0], [1.0, 0.6, 0.3, -2.0]]] * 3)
    mu, structures, p = sparsemap(s, A)
    assert (mu.shape, structures.shape, p.shape) == ((3, 2, 4), (2, 3, 2, 4), (2, 3, 2))
    assert p[:, 0, 0].tolist() == [1.0, 0.0]
    assert torch.equal(structures[0, 0, 0], structures[1, 0, 0])
    one = sparsemap(s[0, 1], A)
    assert (one.marginals.shape, one.structures.shape, one.probs.shape) == ((4,), (2, 4), (2,))
    assert torch.allclose(one.marginals, mu[0, 1])


def test_datapoints_do_not_mix():
    s = torch.randn(4, 5, requires_grad=True)
    mu = sparsemap(s, subsets(5, 2)).marginals
    (g,) = torch.autograd.grad(mu[2].cos().sum(), s)
    assert g[[0, 1, 3]].abs().sum() == 0


def test_ties():
    mu, _, p = sparsemap(torch.zeros(2, 5), subsets(5, 2))
    assert torch.allclose(mu, torch.full((2, 5), 0.4), atol=1e-6)
    assert torch.allclose(p.sum(0), torch.ones(2))


def test_what_cannot_be_served_is_refused():
    with pytest.raises(ValueError, match="finite"):
        sparsemap(torch.tensor([0.0, torch.inf]), torch.eye(2))
    with pytest.raises(ValueError, match="finite"):
        sparsemap(torch.tensor([0.0, torch.nan]), torch.eye(2))


def test_it_gives_up_loudly(monkeypatch):
    monkeypatch.setattr(sys.modules["vilib.sparse.sparsemap"], "MAX_STEPS", 1)
    with pytest.raises(RuntimeError, match="no convergence in 1 steps"):
        sparsemap(torch.tensor([0.5, 0.6, 0.4]), torch.eye(3))


# --- k best


@pytest.mark.parametrize(("D", "K"), [(1, 4), (3, 3), (6, 2)])
def test_k_best_against_enumeration(D, K):
    scores = torch.randn(2, D, K)
    everything = torch.tensor(list(itertools.product(range(K), repeat=D)))
    total = scores[:, torch.arange(D), everything].sum(-1)
    for k in (1, 3, 7, K**D):
        found = k_best(scores, k)
        n = min(k, K**D)
        assert torch.allclose(found.scores, total.topk(n).values, atol=1e-5)
        again = scores[:, None].expand(2, n, D, K).gather(-1, found.digits[..., None])
        assert torch.allclose(again.sum((-2, -1)), found.scores, atol=1e-5)
        # found and dropped are everything, once
        left = torch.cat([d.flatten(-2) for d in found.dropped], -1).isfinite().sum(-1)
        ends = [d.isfinite().sum((-2, -1)) for d in found.dropped]
        assert (sum(e * K ** (D - 1 - i) for i, e in enumerate(ends)) + n == K**D).all()
        assert (left <= D * k * K).all()
