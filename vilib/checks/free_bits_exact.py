"""Free bits: of the batch's mean, and per dimension."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import passed

__all__ = ["free_bits_are_exact"]

WHAT = "the rate to be paid, one number"
# mean rate of each dimension in units of the threshold: one far below it, one below, two above
LEVELS = (0.1, 1.3, 0.4, 1.5)
FreeBits = Callable[[Tensor, float], Tensor]


@careful
def free_bits_are_exact(free_bits: FreeBits, *, seed: int, free_nats: float = 0.5) -> None:
    """Check ∑_d max(λ, 1/B ∑_b KL_bd), and its gradient: 1/B above the threshold, 0 below.

    Within all dimensions but the first some sentences lie above the threshold and some below, so
    that a threshold per sentence shows; the first is so low that a divided threshold shows.

    Source: Kingma et al., 2016, *Improving variational inference with inverse autoregressive flow*,
    https://arxiv.org/abs/1606.04934, equation 15.

    Args:
        free_bits: Maps rates `[B, D]` and λ, the free nats of one dimension, to a number `[]`.
        seed: Draws the rates.
        free_nats: λ.

    Raises:
        Mistake: The value or the gradient is wrong.

    Example:
        >>> free_bits_are_exact(lambda kl, free: kl.mean(0).clamp(min=free).sum(), seed=1)
        ✓ each dimension's mean over the batch is compared with the threshold, then all are summed
        ✓ a dimension below the threshold has no gradient, one above has all of it
    """
    kl = draw(seed, free_nats)
    means = kl.mean(0).tolist()
    truth = torch.tensor(sum(max(free_nats, mean) for mean in means), dtype=torch.double)
    leaf = kl.clone().requires_grad_()
    value = free_bits(leaf, free_nats)
    expect(WHAT, value, truth, known_mistakes(kl, free_nats))
    passed(
        "each dimension's mean over the batch is compared with the threshold, then all are summed"
    )
    (slope,) = gradients(WHAT, value, leaf)
    right = torch.tensor([[float(m > free_nats) / len(kl) for m in means]] * len(kl)).to(slope)
    expect(f"the gradient of {WHAT}", slope, right, gradient_mistakes(right))
    passed("a dimension below the threshold has no gradient, one above has all of it")


def draw(seed: int, free_nats: float) -> Tensor:
    """Rates of five sentences, `[5, 4]`, with given means and wide spread."""
    generator = torch.Generator().manual_seed(seed)
    share = torch.rand(5, len(LEVELS), generator=generator, dtype=torch.double) + 0.05
    # one sentence has most of a dimension's rate, one hardly any
    share[0], share[1] = 4 * share[2:].sum(0), 0.05
    share = share / share.mean(0)
    return free_nats * share * torch.tensor(LEVELS, dtype=torch.double)


def gradient_mistakes(right: Tensor) -> Mistakes:
    """What each known mistake makes of the gradient."""
    return {
        "below the threshold a gradient flows; there the rate is free": (
            torch.full_like(right, 1 / len(right))
        ),
        "no gradient flows above the threshold": torch.zeros_like(right),
        "the gradient flows below the threshold only, where the rate is free": (
            1 / len(right) - right
        ),
    }


def known_mistakes(kl: Tensor, free: float) -> Mistakes:
    """What each known mistake gives."""
    return mistakes_of_the_mean(kl, kl.mean(0), free) | mistakes_per_sentence(kl, free)


def mistakes_of_the_mean(kl: Tensor, mean: Tensor, free: float) -> dict[str, Tensor]:
    """What comes of the mean of the batch and a threshold in the wrong place."""
    D = kl.shape[1]
    return {
        "the threshold is missing, or applied to the total; every dimension has one of its own": (
            mean.sum().clamp(min=free)
        ),
        "the threshold is divided by the dimensions; each of them has all of it": (
            mean.clamp(min=free / D).sum()
        ),
        "the threshold is divided by the batch; it is per sentence already": (
            mean.clamp(min=free / len(kl)).sum()
        ),
        "the thresholds are added up and applied to the total; every dimension has its own": (
            mean.sum().clamp(min=D * free)
        ),
        "the threshold is the most that is paid; it is the least (max, not min)": (
            mean.clamp(max=free).sum()
        ),
        "the threshold is subtracted; what is below costs the threshold": (
            (mean - free).clamp(min=0).sum()
        ),
        "the dimensions are averaged; they are summed": mean.clamp(min=free).mean(),
        "one number per dimension came back; sum them": mean.clamp(min=free),
        "what is below the threshold costs nothing here; it costs the threshold": (
            torch.where(mean > free, mean, 0.0).sum()
        ),
    }


def mistakes_per_sentence(kl: Tensor, free: float) -> dict[str, Tensor]:
    """What comes of a threshold that each sentence meets by itself, or of another mean."""
    D = kl.shape[1]
    return {
        "the threshold is applied to each sentence; it is for the mean of the batch": (
            kl.clamp(min=free).mean(0).sum()
        ),
        "the threshold is applied to each sentence's total; it is for each dimension's mean": (
            kl.sum(-1).clamp(min=free).mean()
        ),
        "the threshold is applied to each sentence's total; it is for each dimension": (
            kl.sum(-1).clamp(min=D * free).mean()
        ),
        "the threshold is applied to each sentence, and all is averaged": (
            kl.clamp(min=free).mean()
        ),
        "the threshold is applied to each sentence, and all is summed": kl.clamp(min=free).sum(),
        "the threshold is subtracted from each sentence; the batch's mean is compared with it": (
            (kl - free).clamp(min=0).mean(0).sum()
        ),
        "the threshold is subtracted from each sentence's total; each dimension has its own": (
            (kl.sum(-1) - free).clamp(min=0).mean()
        ),
        "the batch is summed; its mean is compared": kl.sum(0).clamp(min=free).sum(),
        "the mean is over dimensions; it is over sentences": kl.mean(1).clamp(min=free).sum(),
    }
