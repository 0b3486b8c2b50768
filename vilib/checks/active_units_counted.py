"""How many dimensions of a code are active."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["active_units_are_counted"]

WHAT = "the number of active units"
# variances of the dimensions' means; none is near a threshold, whatever the convention, and every
# known mistake counts another number of them
SPREADS = (0.0, 0.004, 0.0005, 0.05, 0.5, 1.5, 0.02, 0.0, 0.8, 0.00012, *4 * (0.00002,), 0.0, 0.0)
OFFSETS = (2.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.1, 0.5, 0.0, -0.4, *6 * (0.0,))


@careful
def active_units_are_counted(
    active_units: Callable[[Tensor, float], Tensor | int], *, seed: int
) -> None:
    """Check the number of d with Var_x(E[z_d | x]) > threshold, for means of 60 sentences.

    The means are made to have given variances over sentences, in a random order; of sixteen
    dimensions five exceed .01. Some inactive ones are far from 0, and some have a standard
    deviation above the threshold.

    Source: Burda, Grosse and Salakhutdinov, 2016, *Importance weighted autoencoders*,
    https://arxiv.org/abs/1509.00519, section 5.2.

    Args:
        active_units: Maps posterior means `[N, D]` and a threshold to a number.
        seed: Draws the means and the order.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> active_units_are_counted(lambda means, t: (means.var(0) > t).sum(), seed=1)
        ✓ 5 of 16 dimensions move with the sentence beyond the threshold, and 3 at a higher one
    """
    means = draw(seed)
    for threshold, count in ((0.01, 5), (0.3, 3)):
        answer = active_units(means.clone(), threshold)
        if getattr(answer, "dtype", type(answer)) in (bool, torch.bool) and not getattr(
            answer, "ndim", 0
        ):
            raise Mistake(WHAT, "a yes or no came back; count the dimensions")
        truth = torch.tensor(float(count), dtype=torch.double)
        value = as_value(WHAT, answer, truth)
        value = value.double() if value.dim() == 0 else value
        expect(WHAT, value, truth, known_mistakes(means, threshold))
    passed("5 of 16 dimensions move with the sentence beyond the threshold, and 3 at a higher one")


def draw(seed: int) -> Tensor:
    """Posterior means with exactly the variances `SPREADS`, in a random order, `[60, 9]`."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(60, len(SPREADS), generator=generator, dtype=torch.double)
    noise = (noise - noise.mean(0)) / noise.std(0)
    means = noise * torch.tensor(SPREADS).double().sqrt() + torch.tensor(OFFSETS).double()
    return means[:, torch.randperm(len(SPREADS), generator=generator)]


def known_mistakes(means: Tensor, threshold: float) -> Mistakes:
    """What each known mistake gives; the first that agrees is named."""
    variance, average = means.var(0), means.mean(0)

    def count(values: Tensor) -> Tensor:
        return (values > threshold).sum().double()

    return {
        "which dimensions are active came back; count them": (variance > threshold).double(),
        "the variances came back; compare them with the threshold and count": variance,
        "the inactive ones are counted": (variance <= threshold).sum().double(),
        "the variance is over dimensions; it is over sentences": count(means.var(1)),
        "the standard deviation is compared with the threshold; the variance is": (
            count(means.std(0))
        ),
        "the threshold is always .01; use the one that is given": (
            (variance > 0.01).sum().double()
        ),
        "the squares are summed over sentences; the variance is their mean": (
            count(((means - average) ** 2).sum(0))
        ),
        "it is how far the means lie apart (the range); the variance is compared": (
            count(means.amax(0) - means.amin(0))
        ),
        "the variances of the active ones are added up; count them": (
            variance[variance > threshold].sum()
        ),
        "the mean square is compared with the threshold; subtract the mean over sentences first": (
            count((means**2).mean(0))
        ),
        "it is the size of the means that is compared; their variance over sentences is": (
            count(means.abs().mean(0))
        ),
        "it is the mean of the means that is compared; their variance over sentences is": (
            count(average)
        ),
        "the mean's size is compared; its variance over sentences is": count(average.abs()),
        "it is the share of the dimensions; their number is expected": (
            (variance > threshold).double().mean()
        ),
        "it is the variance of everything at once": (means.var() > threshold).double(),
    }
