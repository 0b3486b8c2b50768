"""With free bits the rate does not collapse, even where the code is of no use."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from vilib.checks.free_bits_exact import FreeBits
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed

__all__ = ["rate_stays_above_free_bits"]

STEPS, LENGTH = 90, 0.03


def rate_stays_above_free_bits(free_bits: FreeBits, *, seed: int, free_nats: float = 0.4) -> None:
    """Descend the learner's free bits over a Gaussian q: each dimension's rate stops at λ.

    The decoder ignores the code, so that the rate is all there is. Nothing is random: q starts from
    given means and variances, and takes 90 steps of ±0.03 downhill.
    Without free bits the same descent ends near 0.

    Args:
        free_bits: As in `free_bits_are_exact`.
        seed: Draws where q starts.
        free_nats: λ, in each of three dimensions.

    Raises:
        Mistake: A rate fell clearly below the threshold, or never came down to it.

    Example:
        >>> rate_stays_above_free_bits(lambda kl, f: kl.mean(0).clamp(min=f).sum(), seed=1)
        ✓ descending, every rate stopped at the threshold; without free bits they fell to 0.00
    """
    rates, bare = descend(free_bits, seed, free_nats), without_free_bits(seed)
    low, high = rates.min().item(), rates.max().item()
    what = "the rate of a dimension after descent"
    if low < 0.8 * free_nats:
        raise Mistake(what, "it fell below the threshold", yours=low, expected=free_nats)
    if high > 1.5 * free_nats:
        raise Mistake(what, "it did not come down to the threshold", yours=high, expected=free_nats)
    passed(
        "descending, every rate stopped at the threshold; "
        f"without free bits they fell to {bare.max():.2f}"
    )


@lru_cache
def without_free_bits(seed: int) -> Tensor:
    """What the rates fall to if all of them is paid, `[3]`."""
    return descend(lambda kl, _: kl.mean(0).sum(), seed, 0.0)


def descend(pay: FreeBits, seed: int, free_nats: float) -> Tensor:
    """Mean rate of each dimension after the descent, `[3]`."""
    generator = torch.Generator().manual_seed(seed)
    mean = torch.randn(6, 3, generator=generator, dtype=torch.double)
    mean = 1.3 * (mean - mean.mean(0)) / mean.std(0)
    log_variance = torch.full_like(mean, -1.0)
    for _ in range(STEPS):
        rate = gaussian_rate(mean, log_variance).requires_grad_()
        paid = as_value("the rate to be paid", pay(rate, free_nats), torch.zeros(()))
        if paid.dim():
            raise Mistake("the rate to be paid", "one number is expected")
        if not paid.requires_grad:  # every dimension lies below its threshold
            break
        (slope,) = torch.autograd.grad(paid, rate)
        # ∂rate/∂μ = μ and ∂rate/∂log σ² = ½ (σ² − 1); the size of a gradient is left out, so that
        # a dimension that is paid for comes down quickly, and one that is free stays
        mean = mean - LENGTH * (slope * mean).sign()
        log_variance = log_variance - LENGTH * (slope * log_variance.expm1()).sign()
    return gaussian_rate(mean, log_variance).mean(0)


def gaussian_rate(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL of each Gaussian to N(0, 1), in nats, in closed form."""
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)
