"""The best factorised Gaussian for a correlated one."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gaussian_kl_full_exact import random_covariance
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.pair import two_results
from vilib.checks.squeezed import squeezed

__all__ = ["mean_field_is_optimal"]

MeanField = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


@careful
def mean_field_is_optimal(
    mean_field_optimum: MeanField,
    *,
    seed: int,
    num_documents: int = 2,
    num_dimensions: int = 3,
) -> None:
    """The factors of the best q have the mean of p and the conditional variances of p.

    The truth takes another road than an inverse: Var[zᵢ | the others] by the Schur complement,
    Σᵢᵢ − Σᵢᵣ Σᵣᵣ⁻¹ Σᵣᵢ (C. M. Bishop, 2006, Pattern Recognition and Machine Learning, sections
    2.3.1 and 10.1.2).

    Args:
        mean_field_optimum: The learner's function: mean `[B, D]`, covariance `[B, D, D]` of p →
            (mean `[B, D]`, variance `[B, D]`) of q.
        seed: Draws p.
        num_documents: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> mean_field_is_optimal(lambda mean, S: (mean, S.diagonal(dim1=-2, dim2=-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the variance of q is not right: it is the marginal variance...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (num_documents, num_dimensions)
    mean = 1 + torch.rand(shape, generator=generator, dtype=torch.double)
    covariance = random_covariance(*shape, generator)
    for rows in (num_documents, 1):
        judge(mean_field_optimum, mean[:rows], covariance[:rows])
    passed(f"the best factorised Gaussian in {num_dimensions} dimensions")


def judge(mean_field_optimum: MeanField, mean: Tensor, covariance: Tensor) -> None:
    """Compare both results with the truth, and name the mistake where they differ."""
    returned = mean_field_optimum(mean.clone(), covariance.clone())
    yours = two_results("(mean, variance)", returned)
    wrong = squeezed(mean) | mean_mistakes(mean, covariance)
    expect("the mean of q", yours[0], mean, wrong)
    truth = conditional_variance(covariance)
    wrong = squeezed(truth) | variance_mistakes(covariance, truth)
    expect("the variance of q", yours[1], truth, wrong)


def conditional_variance(covariance: Tensor) -> Tensor:
    """Var[zᵢ | all other z], by the Schur complement, `[B, D]`."""
    D = covariance.shape[-1]
    columns = []
    for i in range(D):
        rest = [j for j in range(D) if j != i]
        cross = covariance[:, rest, i]  # [B, D-1]
        within = covariance[:, rest][:, :, rest]  # [B, D-1, D-1]
        explained = (cross * torch.linalg.solve(within, cross)).sum(-1)
        columns.append(covariance[:, i, i] - explained)
    return torch.stack(columns, -1)


def mean_mistakes(mean: Tensor, covariance: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the mean, `[B, D]`."""
    return {
        "it is zero: q sits where p sits": torch.zeros_like(mean),
        "it is multiplied by the precision": torch.linalg.solve(covariance, mean),
        "it is multiplied by the covariance": (covariance @ mean[..., None])[..., 0],
        "mean and variance are returned in the wrong order": conditional_variance(covariance),
    }


def variance_mistakes(covariance: Tensor, truth: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the variance, `[B, D]`."""
    marginal = covariance.diagonal(dim1=-2, dim2=-1)
    return {
        "it is the marginal variance Σᵢᵢ; that is the optimum of KL(p‖q)": marginal,
        "it is 1/Σᵢᵢ: invert the matrix first, then take the diagonal": 1 / marginal,
        "it is the diagonal of the precision: take 1/Λᵢᵢ": 1 / truth,
        "it is a standard deviation: the variance is asked for": truth.sqrt(),
        "it is the marginal standard deviation √Σᵢᵢ": marginal.sqrt(),
        "it is the whole inverse matrix: only its diagonal is needed": covariance.inverse(),
        "it is a diagonal matrix: return its diagonal": torch.diag_embed(truth),
        "it is √Λᵢᵢ, the root of the precision: take 1/Λᵢᵢ": truth.rsqrt(),
        "it is the inverse, entry by entry: only its diagonal is needed": 1 / covariance.inverse(),
        "its diagonal runs over the batch: name the last two axes (dim1=-2, dim2=-1)": (
            1 / covariance.inverse().diagonal()
        ),
        "each zᵢ is given the earlier ones only (a Cholesky factor): all others count": (
            torch.linalg.cholesky(covariance).diagonal(dim1=-2, dim2=-1) ** 2
        ),
        "it is the eigenvalues of the covariance: q is factorised along the axes": (
            torch.linalg.eigvalsh(covariance)
        ),
    }
