"""top-k sparsemax: exact when it says so, and honest when it cannot know."""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from vilib.sparse import is_exact, sparsemax, top_k_sparsemax


def brute_force(s, k):
    """The nearest point among all distributions on k of K categories, `[K]`: try every subset."""
    best = None
    for subset in torch.combinations(torch.arange(len(s)), k):
        p = torch.zeros_like(s)
        p[subset] = sparsemax(s[subset])
        distance = (p - s).square().sum()
        if best is None or distance < best[0]:
            best = distance, p
    return best[1]


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_nearest_of_all_k_sparse_distributions(k):
    for s in torch.randn(5, 6, dtype=torch.double):
        assert (top_k_sparsemax(s, k) - brute_force(s, k)).abs().max() < 1e-14


def assert_certificate(certify, function=top_k_sparsemax):
    """Certified rows equal sparsemax; rows that are not certified have k positive elements."""
    s = torch.randn(400, 10, dtype=torch.double)
    full = sparsemax(s)
    for k in range(1, 12):
        p = function(s, k)
        sure = certify(p, k)
        assert ((p - full).abs().amax(-1) < 1e-14)[sure].all()
        assert ((p > 0).sum(-1) == k)[~sure].all()


def test_certificate():
    assert_certificate(is_exact)


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -2, -3])
def test_dims(dim):
    """-2 among them: where a peer's helper computes the axis with the wrong sign."""
    s = torch.randn(4, 5, 6)
    p = top_k_sparsemax(s, 3, dim)
    want = top_k_sparsemax(s.movedim(dim, -1).contiguous(), 3).movedim(-1, dim)
    assert (p - want).abs().max() < 1e-6
    assert is_exact(p, 3, dim).shape == s.sum(dim).shape
    assert torch.equal(is_exact(p, 3, dim), is_exact(want.movedim(dim, -1), 3))
    assert (top_k_sparsemax(s, 6, dim) - sparsemax(s, dim)).abs().max() < 1e-6


@pytest.mark.parametrize("k", [1, 2, 4, 9])
@pytest.mark.parametrize(("shape", "dim"), [((3, 5), -1), ((5, 3), -2), ((2, 4, 3), 1)])
def test_autograd(k, shape, dim):
    s = torch.randn(shape, dtype=torch.double, requires_grad=True)
    assert gradcheck(lambda s: top_k_sparsemax(s, k, dim), s)
    assert gradgradcheck(lambda s: top_k_sparsemax(s, k, dim), s)


def test_masks_and_refusals():
    s = torch.tensor([0.1, -torch.inf, 0.0, -torch.inf], requires_grad=True)
    p = top_k_sparsemax(s, 3)
    assert (p - torch.tensor([0.55, 0.0, 0.45, 0.0])).abs().max() < 1e-6
    assert is_exact(p, 3)
    p[0].backward()
    assert (s.grad - torch.tensor([0.5, 0.0, -0.5, 0.0])).abs().max() < 1e-6
    with pytest.raises(ValueError, match="k must be at least 1"):
        top_k_sparsemax(s, 0)
    with pytest.raises(ValueError, match="largest score that is finite"):
        top_k_sparsemax(torch.full((3,), -torch.inf), 2)
    with pytest.raises(TypeError, match="floating"):
        top_k_sparsemax(torch.tensor([1, 2]), 1)


# mutants


def truncated(s, k):
    """The k largest probabilities of sparsemax, not renormalised."""
    top = sparsemax(s).topk(min(k, s.shape[-1]), -1)
    return torch.zeros_like(s).scatter(-1, top.indices, top.values)


def test_truncation_is_found():
    s = torch.tensor([0.3, 0.1, 0.2, -2.0], dtype=torch.double)
    with pytest.raises(AssertionError):
        assert (truncated(s, 2) - brute_force(s, 2)).abs().max() < 1e-14


@pytest.mark.parametrize(
    "certify",
    [
        lambda p, k: (p > 0).sum(-1) <= k,  # one too generous
        lambda p, k: (p > 0).sum(-1) < k - 1,  # one too strict
    ],
)
def test_wrong_certificates_are_found(certify):
    with pytest.raises(AssertionError):
        assert_certificate(certify)
