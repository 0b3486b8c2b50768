"""Antithetic pairs: one sample from uniform numbers u, the other from their mirror images 1 - u."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.estimators.contract import finite

__all__: list[str] = []


def uniforms(num_samples: int, like: Tensor) -> Tensor:
    """One number from [0, 1) per pair and element of `like`, `[S/2, *like.shape]`.

    Raises:
        ValueError: `num_samples` is odd, or below 2.
    """
    if num_samples < 2 or num_samples % 2:
        raise ValueError(
            f"antithetic samples come in pairs: num_samples must be 2, 4, 6, …, got {num_samples}"
        )
    return torch.rand(num_samples // 2, *like.shape, dtype=like.dtype, device=like.device)


def bits(u: Tensor, p: Tensor) -> Tensor:
    """b = 1[u < p], then its antithetic b̃ = 1[1 - u ≤ p]; each is 1 with probability p, `[S, ...]`.

    They differ with probability 2 min(p, 1 - p), the most that two such bits can.
    """
    # u may be 0 but not 1: with < and ≤, p = 0 gives zeros only and p = 1 ones only.
    # Compared in place, numbers become numbers and not truth values, which are slow to convert
    return torch.cat([u.clone().lt_(p), (1 - u).le_(p)])


def surrogate(values: Tensor, score: Tensor) -> Tensor:
    """The mean of f, with the gradient of ½ (f(z) - f(z̃)) times that of `score`.

    Args:
        values: f, first at all z, then at all z̃, `[S, B]`.
        score: What takes the place of log q(z), per variable, `[S/2, B, ...]`; it is summed over
            the axes behind the batch.

    Returns:
        The surrogate, `[B]`; f's direct dependence on parameters is averaged over z and z̃.
    """
    first, mirrored = finite(values.detach()).chunk(2)
    gap = first / 2 - mirrored / 2  # [S/2, B]
    term = (gap * score.unsqueeze(-1).flatten(gap.dim()).sum(-1)).mean(0)
    # x - x is exactly 0: the second term has a gradient and no value
    return values.mean(0) + (term - term.detach())
