"""Check a map and the log determinant of its Jacobian: the common part of the transform checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.func import jacrev, vmap

from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake
from vilib.checks.pair import two_results
from vilib.checks.squeezed import squeezed

__all__ = ["Transform", "judge_finite", "judge_transform", "log_det_by_autograd"]

Transform = Callable[[Tensor], tuple[Tensor, Tensor]]


def log_det_by_autograd(transform: Callable[[Tensor], Tensor], u: Tensor) -> Tensor:
    """log |det ∂z/∂u| per datapoint, from autograd's whole Jacobian, `[B]`.

    Args:
        transform: u `[D]` → z `[D]`.
        u: Where, `[B, D]`.

    Example: z = 2u in three dimensions.
        >>> log_det_by_autograd(lambda u: 2 * u, torch.zeros(1, 3))
        tensor([2.0794])
    """
    return vmap(jacrev(transform))(u).slogdet().logabsdet


def judge_transform(
    transform: Transform,
    u: Tensor,
    truth: tuple[Tensor, Tensor],
    mistakes: tuple[Mapping[str, Tensor], Mapping[str, Tensor]],
) -> None:
    """Compare z and the log determinant with the truth, and name the mistake.

    Args:
        transform: The learner's function: u `[B, D]` → (z, log determinant `[B]`).
        u: Where.
        truth: (z, log determinant).
        mistakes: Known mistakes of either.

    Raises:
        Mistake: With the diagnosis.
    """
    names = ("z", "log |det ∂z/∂u|")
    yours = two_results("(z, log_det)", transform(u.clone()))
    for name, value, true, wrong in zip(names, yours, truth, mistakes):
        expect(name, value, true, squeezed(true) | dict(wrong))


def judge_finite(transform: Transform, u: Tensor, truth: tuple[Tensor, Tensor]) -> None:
    """Both results are finite and right at extreme u.

    Raises:
        Mistake: Infinite, NaN or wrong.
    """
    yours = two_results("(z, log_det)", transform(u.clone()))
    for name, value, true in zip(("z", "log |det ∂z/∂u|"), yours, truth):
        value = as_value(name, value, true)
        if not bool(torch.isfinite(value).all()):
            sentence = "it is not finite at extreme u; use softplus and logsigmoid"
            raise Mistake(name, sentence, yours=value, expected=true)
        expect(f"{name} at extreme u", value, true, squeezed(true))
