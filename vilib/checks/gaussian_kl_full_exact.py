"""KL between Gaussians with full covariance."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.squeezed import squeezed

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
    part = slice(0, max(1, num_dimensions - 1))  # other sizes: one document, one dimension less
    m1, n1, V1, W1 = m[:1, part], n[:1, part], V[:1, part, part], W[:1, part, part]
    truth = kl_divergence(MultivariateNormal(m1, V1), MultivariateNormal(n1, W1))
    wrong = squeezed(truth) | kl_full_mistakes(m1, V1, n1, W1)
    yours = gaussian_kl_full(m1.clone(), V1.clone(), n1.clone(), W1.clone())
    expect("KL(q‖p) of a single document", yours, truth, wrong)
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


def product_mistakes(kl: Tensor, difference: Tensor, V: Tensor, W: Tensor) -> dict[str, Tensor]:
    """What comes of a wrong product, inverse or trace of the covariances, `[B]`."""
    trace, right_trace = trace_of(V @ W), trace_of(torch.linalg.solve(W, V))
    return {
        "the trace has W in place of its inverse": kl + 0.5 * (trace - right_trace),
        "the trace divides the matrices entry by entry: W⁻¹V is a product of matrices": (
            kl + 0.5 * (trace_of(V / W) - right_trace)
        ),
        "W is inverted entry by entry: 1/W is not the inverse of a matrix": (
            kl
            + 0.5 * (trace_of((1 / W) @ V) - right_trace)
            + 0.5 * quadratic(1 / W - W.inverse(), difference)
        ),
        "the trace is that of V⁻¹W: it is W⁻¹V": kl
        + 0.5 * (trace_of(torch.linalg.solve(V, W)) - right_trace),
        "all entries of W⁻¹V are summed: a trace sums its diagonal": kl
        + 0.5 * (torch.linalg.solve(W, V).sum((-2, -1)) - right_trace),
        "the matrices are multiplied entry by entry (*): a product of matrices is @": (
            kl + 0.5 * (trace_of(W.inverse() * V) - right_trace)
        ),
        "the traces are summed over documents": kl + 0.5 * (right_trace.sum() - right_trace),
    }


def kl_full_mistakes(m: Tensor, V: Tensor, n: Tensor, W: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the KL, `[B]`."""
    D, difference = m.shape[-1], m - n
    diagonal = torch.diag_embed

    def terms(V: Tensor, W: Tensor, U: Tensor, sign: float = 1.0, half: float = 0.5) -> Tensor:
        trace = trace_of(torch.linalg.solve(W, V))
        square = (difference * torch.linalg.solve(U, difference)).sum(-1)
        return half * (trace + square - D + sign * (W.logdet() - V.logdet()))

    kl = terms(V, W, W)
    V1, W1 = diagonal(V.diagonal(dim1=-2, dim2=-1)), diagonal(W.diagonal(dim1=-2, dim2=-1))
    return product_mistakes(kl, difference, V, W) | {
        "the direction is reversed: this is KL(p‖q)": terms(W, V, V),
        "the covariances are swapped in the trace and in the log determinants": terms(W, V, W),
        "the factor ½ is missing": 2 * kl,
        "the log determinants have the wrong sign": terms(V, W, W, sign=-1.0),
        "the log determinants are missing": terms(V, W, W, sign=0.0),
        "the difference of means is weighted by the covariance of q, not of p": terms(V, W, V),
        "the difference of means is weighted by W itself: invert it": kl
        + 0.5 * quadratic(W - W.inverse(), difference),
        "the −D is missing": kl + 0.5 * D,
        "−1 stands for −D: one per dimension is subtracted": kl + 0.5 * (D - 1),
        "it is averaged over dimensions": kl / D,
        "the covariances are taken for Cholesky factors": terms(V @ V.mT, W @ W.mT, W @ W.mT),
        "only the diagonals are used: the correlations are lost": terms(V1, W1, W1),
        "the sign is flipped: a KL is never negative": -kl,
        "it is averaged over documents: one KL per document is asked for": kl.mean(),
        "the term of the means is missing": kl - 0.5 * quadratic(W.inverse(), difference),
        "the determinants stand where their logarithms belong": (
            terms(V, W, W, sign=0.0) + 0.5 * (W.det() - V.det())
        ),
        "the number of documents is subtracted in place of D": kl + 0.5 * (D - len(m)),
        "3 is subtracted in place of D: there may be any number of dimensions": kl + 0.5 * (D - 3),
    }


def trace_of(matrices: Tensor) -> Tensor:
    """Sum of the diagonal, `[B]`."""
    return matrices.diagonal(dim1=-2, dim2=-1).sum(-1)


def quadratic(W: Tensor, d: Tensor) -> Tensor:
    """dᵀ W d, `[B]`."""
    return torch.einsum("bi,bij,bj->b", d, W, d)
