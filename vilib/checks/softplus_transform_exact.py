"""The map from the real line to positive numbers, with its log determinant."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import (
    Transform,
    judge_finite,
    judge_transform,
    log_det_by_autograd,
)
from vilib.checks.mistake import passed

__all__ = ["softplus_transform_is_exact"]


@careful
def softplus_transform_is_exact(
    softplus_transform: Transform, *, seed: int, num_documents: int = 2, num_dimensions: int = 3
) -> None:
    """z = log(1 + exp u) and log |det ∂z/∂u|, against autograd's Jacobian; finite at extreme u.

    Args:
        softplus_transform: The learner's function: u `[B, D]` → (z `[B, D]`, log
            determinant `[B]`).
        seed: Draws u.
        num_documents: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> softplus_transform_is_exact(lambda u: (u.exp(), u.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: z is not right: it is exp(u), not softplus(u)...
    """
    generator = torch.Generator().manual_seed(seed)
    u = torch.randn(num_documents, num_dimensions, generator=generator, dtype=torch.double)
    truth = softplus(u), log_det_by_autograd(softplus, u)
    judge_transform(softplus_transform, u, truth, softplus_mistakes(u, truth[1]))
    edge = torch.tensor([[-1000.0, 1000.0], [1000.0, 1200.0]], dtype=torch.double)
    judge_finite(softplus_transform, edge, (edge.clamp_min(0), edge.clamp_max(0).sum(-1)))
    passed(f"softplus and its log determinant in {num_dimensions} dimensions")


def softplus_mistakes(u: Tensor, log_det: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What each known mistake gives for z `[B, D]` and for the log determinant `[B]`."""
    terms, z = torch.log(u.sigmoid()), softplus(u)
    return {
        "it is exp(u), not softplus(u)": u.exp(),
        "it is the inverse of softplus": torch.log(torch.expm1(u)),
        "it is the sigmoid, which is the derivative": u.sigmoid(),
    }, {
        "the sign is flipped: this is the log determinant of the inverse": -log_det,
        "it is averaged over dimensions: a log determinant sums": terms.mean(-1),
        "it is not summed over dimensions": terms,
        "it is summed over documents too": log_det.sum(),
        "the logarithm is missing: these are the derivatives, summed": u.sigmoid().sum(-1),
        "the logarithm is missing: this is the determinant": log_det.exp(),
        "it is the logarithm of z, not of dz/du": z.log().sum(-1),
        "it is the log determinant of z = exp(u)": u.sum(-1),
        "it is taken at z, not at u": torch.log(z.sigmoid()).sum(-1),
    }
