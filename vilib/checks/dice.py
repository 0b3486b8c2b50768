"""The small dice that the checks of unit 05 are run on."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from vilib.checks.mistake import Mistake

__all__ = ["Dice", "draw_dice", "expect_floating", "one_hot_rows"]


class Dice(NamedTuple):
    """A few dice with unequal faces, float64.

    Attributes:
        logits: Not normalised, `[B, K]`.
        noise: Gumbel noise, `[S, B, K]`.
    """

    logits: Tensor
    noise: Tensor


def draw_dice(seed: int, samples: int = 5, batch: int = 3, faces: int = 4) -> Dice:
    """Random logits and Gumbel noise; the noise decides against the likeliest face somewhere.

    Example:
        >>> logits, noise = draw_dice(seed=1)
        >>> logits.shape, noise.shape
        (torch.Size([3, 4]), torch.Size([5, 3, 4]))
    """
    generator = torch.Generator().manual_seed(seed)
    logits = 1.5 * torch.randn(batch, faces, dtype=torch.double, generator=generator) + 0.7
    waiting = torch.empty(samples, batch, faces, dtype=torch.double)
    noise = -waiting.exponential_(generator=generator).log()
    # in the first roll the unlikeliest face wins, whatever was drawn
    last = logits.argmin(-1, keepdim=True)
    noise[0].scatter_(-1, last, (logits + noise[0]).amax(-1, keepdim=True) - logits.amin() + 1.0)
    # no roll is close: cold soft rolls are hard ones, for certain
    winner = (logits + noise).argmax(-1, keepdim=True)
    noise.scatter_add_(-1, winner, torch.full_like(noise, 0.25))
    return Dice(logits, noise)


def one_hot_rows(index: Tensor, faces: int) -> Tensor:
    """Indices `[...]` as float64 rows `[..., K]`."""
    return one_hot(index, faces).double()


def expect_floating(what: str, rows: Tensor, dtype: torch.dtype) -> None:
    """Rows that a network and a mean can use: one_hot alone makes whole numbers.

    Example:
        >>> expect_floating("the roll", one_hot(torch.tensor([0]), 2), torch.double)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the roll is not right: it consists of whole numbers ...
    """
    if not rows.is_floating_point():
        wanted = str(dtype).removeprefix("torch.")
        raise Mistake(
            what,
            f"it consists of whole numbers ({str(rows.dtype).removeprefix('torch.')}), as one_hot "
            f"makes them; {wanted} is asked for, the dtype of what was given",
        )
