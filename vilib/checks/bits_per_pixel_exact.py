"""Nats of a density as bits per pixel."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed

__all__ = ["bits_per_pixel_is_exact"]

BitsPerPixel = Callable[[Tensor, int, int], Tensor]


@careful
def bits_per_pixel_is_exact(bits_per_pixel: BitsPerPixel, *, seed: int) -> None:
    """Bits per pixel of a table of probabilities, told to the function as a density.

    A probability p of one of L greys, spread evenly over a cell of width 1/L, is the density p L.
    So the bits are known without any density: -log₂ p, averaged over pixels.

    Args:
        bits_per_pixel: Log density of x in [0, 1]ᴾ `[B]`, P, L → `[B]`.
        seed: Draws the table.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> bits_per_pixel_is_exact(lambda log_density, P, L: -log_density / P, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: bits per pixel is not right: it is in nats...
    """
    generator = torch.Generator().manual_seed(seed)
    for P, L in ((6, 17), (3, 256), (12, 2)):
        table = torch.rand((4, P), generator=generator, dtype=torch.double) * 0.9 + 0.05
        bits = -table.log2().mean(-1)  # [B]
        log_density = (table * L).log().sum(-1)
        mistakes = bits_mistakes(log_density, P, L)
        expect("bits per pixel", bits_per_pixel(log_density.clone(), P, L), bits, mistakes)
    passed("a table of probabilities costs −log₂ p bits a pixel, for 2, 17 and 256 greys")


def bits_mistakes(log_density: Tensor, P: int, L: int) -> dict[str, Tensor]:
    """What each known mistake gives, `[B]`."""
    nats = -log_density / P
    plain = nats / math.log(2)
    return {
        "it is in nats, and log₂ L is missing: divide by log 2 and by P, add log₂ L": nats,
        "log₂ L is missing: a density of x in [0, 1] is L times a probability of each grey": plain,
        "log₂ L has the wrong sign": plain - math.log2(L),
        "it is in nats: divide by log 2": nats + math.log(L),
        "log₂ L is added to nats: convert them to bits first": nats + math.log2(L),
        "log L is added in nats: it is log₂ L bits": plain + math.log(L),
        "it is averaged over the batch: one number per example is asked for": (
            plain.mean() + math.log2(L)
        ),
        "log₂ L is counted P times: bits per pixel hold it once": plain + P * math.log2(L),
        "it is not divided by the number of pixels": P * plain + P * math.log2(L),
        "log₂ L is divided by P: every pixel has its own": plain + math.log2(L) / P,
        "log 2 multiplies instead of dividing": nats * math.log(2) + math.log2(L),
        "the sign is flipped: fewer bits are better": -plain - math.log2(L),
        "the sign of the log density is flipped: fewer bits are better": -plain + math.log2(L),
    }
