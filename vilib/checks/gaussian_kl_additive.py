"""The KL of independent dimensions is the sum of their KLs."""

from __future__ import annotations

import torch

from vilib.checks.careful import careful
from vilib.checks.gaussian_kl_exact import GaussianKL
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["gaussian_kl_is_additive"]


@careful
def gaussian_kl_is_additive(gaussian_kl: GaussianKL, *, seed: int, num_documents: int = 5) -> None:
    """KL of dimensions 1 to 7 = KL of the first three + KL of the last four.

    Args:
        gaussian_kl: As in `gaussian_kl_is_exact`.
        seed: Draws the Gaussians.
        num_documents: B.

    Raises:
        Mistake: The parts do not add up, as when a mean over dimensions stands for the sum.

    Example:
        >>> gaussian_kl_is_additive(lambda m, a, n, b: ((m - n) ** 2).mean(-1), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: it is averaged over dimensions...
    """
    generator = torch.Generator().manual_seed(seed)
    shape = (4, num_documents, 7)
    whole = torch.randn(shape, generator=generator, dtype=torch.double)
    first, last = whole[..., :3], whole[..., 3:]
    what, like = "the KL of a few dimensions", whole[0, :, 0]
    parts = [as_value(what, gaussian_kl(*part), like) for part in (first, last)]
    for part in parts:
        if part.shape != like.shape:
            shapes = f"its shape is {tuple(part.shape)}, not {tuple(like.shape)}"
            raise Mistake(what, f"{shapes}: one number per document")
    mean = (3 * parts[0] + 4 * parts[1]) / 7
    mistakes = {"it is averaged over dimensions: a KL sums over them": mean}
    expect("KL of seven dimensions", gaussian_kl(*whole), parts[0] + parts[1], mistakes)
    passed("KL adds up over dimensions")
