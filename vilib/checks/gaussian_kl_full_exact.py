"""KL between Gaussians with full covariance."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed

__all__ = ["gaussian_kl_full_is_exact", "random_covariance"]


@careful
def gaussian_kl_full_is_exact(
    gaussian_kl_full: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor],
    *,
    seed: int,
    num_documents: int = 2,
    num_dimensions: int = 3,
) -> None:
    """KL(N(m, V) ‖ N(n, W)) against torch's, which goes through Cholesky factors; 0 where q = p.

    Args:
        gaussian_kl_full: The learner's function: mean `[B, D]` and covariance `[B, D, D]` of q, the
            same of p → `[B]`, nats.
        seed: Draws the Gaussians.
        num_documents: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> gaussian_kl_full_is_exact(lambda m, V, n, W: m - n, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: KL(q‖p) is not right: its shape is (2, 3), not (2,)...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_documents, num_dimensions)
    m, n = (torch.randn(shape, generator=generator, dtype=torch.double) for _ in range(2))
    V, W = (random_covariance(*shape, generator) for _ in range(2))
    q, p = MultivariateNormal(m, V), MultivariateNormal(n, W)
    yours = gaussian_kl_full(m.clone(), V.clone(), n.clone(), W.clone())
    expect("KL(q‖p)", yours, kl_divergence(q, p), kl_full_mistakes(m, V, n, W))
    expect("KL(q‖q)", gaussian_kl_full(m, V, m, V), torch.zeros(num_documents, dtype=torch.double))
    passed(f"KL(q‖p) of {num_documents} correlated Gaussians in {num_dimensions} dimensions")


def random_covariance(
    num_documents: int, num_dimensions: int, generator: torch.Generator
) -> Tensor:
    """Random covariance matrices with clear correlations and eigenvalues above ½, `[B, D, D]`.

    Args:
        num_documents: B.
        num_dimensions: D.
        generator: Draws the factors.

    Example:
        >>> random_covariance(2, 3, torch.Generator().manual_seed(1)).shape
        torch.Size([2, 3, 3])
    """
    B, D = num_documents, num_dimensions
    factor = torch.randn(B, D, D, generator=generator, dtype=torch.double)
    return factor @ factor.mT / D**0.5 + 0.5 * torch.eye(D, dtype=torch.double)


def kl_full_mistakes(m: Tensor, V: Tensor, n: Tensor, W: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the KL, `[B]`."""
    D, difference = m.shape[-1], m - n
    diagonal = torch.diag_embed

    def terms(V: Tensor, W: Tensor, U: Tensor, sign: float = 1.0, half: float = 0.5) -> Tensor:
        trace = torch.linalg.solve(W, V).diagonal(dim1=-2, dim2=-1).sum(-1)
        square = (difference * torch.linalg.solve(U, difference)).sum(-1)
        return half * (trace + square - D + sign * (W.logdet() - V.logdet()))

    kl = terms(V, W, W)
    V1, W1 = diagonal(V.diagonal(dim1=-2, dim2=-1)), diagonal(W.diagonal(dim1=-2, dim2=-1))
    trace = (V @ W).diagonal(dim1=-2, dim2=-1).sum(-1)
    right_trace = torch.linalg.solve(W, V).diagonal(dim1=-2, dim2=-1).sum(-1)
    return {
        "the direction is reversed: this is KL(p‖q)": terms(W, V, V),
        "the covariances are swapped in the trace and in the log determinants": terms(W, V, W),
        "the factor ½ is missing": 2 * kl,
        "the log determinants have the wrong sign": terms(V, W, W, sign=-1.0),
        "the log determinants are missing": terms(V, W, W, sign=0.0),
        "the difference of means is weighted by the covariance of q, not of p": terms(V, W, V),
        "the difference of means is weighted by W itself: invert it": kl
        + 0.5 * quadratic(W - W.inverse(), difference),
        "the trace has W in place of its inverse": kl + 0.5 * (trace - right_trace),
        "the −D is missing": kl + 0.5 * D,
        "−1 stands for −D: one per dimension is subtracted": kl + 0.5 * (D - 1),
        "it is averaged over dimensions": kl / D,
        "the covariances are taken for Cholesky factors": terms(V @ V.mT, W @ W.mT, W @ W.mT),
        "only the diagonals are used: the correlations are lost": terms(V1, W1, W1),
        "the sign is flipped: a KL is never negative": -kl,
        "it is averaged over documents: one KL per document is asked for": kl.mean(),
    }


def quadratic(W: Tensor, d: Tensor) -> Tensor:
    """dᵀ W d, `[B]`."""
    return torch.einsum("bi,bij,bj->b", d, W, d)
