"""The inverse cdf of a discrete variable: flat almost everywhere, and right on average."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.dice import expect_floating, one_hot_rows
from vilib.checks.judge import Mistakes, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import expect_no_own_draws

__all__ = ["inverse_cdf_is_flat"]

InverseCdf = Callable[[Tensor, Tensor], Tensor]
Slope = Callable[[Tensor, Tensor, Tensor, float], Tensor]
# uniform numbers in the middle of equal cells: thresholds at multiples of 1/N never meet them
N, STEP = 200, 0.02


@careful
def inverse_cdf_is_flat(inverse_cdf: InverseCdf, slope_of_sample: Slope, *, seed: int) -> None:
    """The samples are right; their slope is 0 almost everywhere, and on average that of the mean.

    Args:
        inverse_cdf: Maps probabilities `[K]` and uniform numbers u `[S]` to one-hot rows `[S, K]`.
        slope_of_sample: Maps probabilities `[K]`, a direction `[K]`, u `[S]` and a step h to
            (z(p + h d) − z(p − h d)) / 2h, `[S, K]`.
        seed: Draws probabilities and direction.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> inverse_cdf_is_flat(lambda p, u: p.expand(len(u), -1), lambda p, d, u, h: d, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the sample is not right: ...
    """
    generator = torch.Generator().manual_seed(seed)
    # hundredths, so that every threshold is a multiple of 1/N, at every step taken below
    parts = torch.randint(8, 30, (4,), generator=generator).double()
    probs = torch.cat([parts[:3], (100 - parts[:3].sum())[None]]) / 100
    probs = probs[torch.randperm(4, generator=generator)]
    direction = torch.tensor([1.0, -0.5, 0.5, -1.0], dtype=torch.double)
    direction = direction[torch.randperm(4, generator=generator)]
    u = ((torch.arange(N) + 0.5) / N).double()[torch.randperm(N, generator=generator)]
    known = sample_mistakes(probs, u)
    yours = expect_no_own_draws("the sample", inverse_cdf, (probs, u), invert(probs, u), known)
    expect_floating("the sample", yours, probs.dtype)
    judge_flat(inverse_cdf, probs, u)
    low = u[u < 0.05]  # all in the first category
    expect("the sample where u is small", inverse_cdf(probs, low), invert(probs, low))
    up, down = invert(probs + STEP * direction, u), invert(probs - STEP * direction, u)
    truth = (up - down) / (2 * STEP)
    known = slope_mistakes(probs, direction, u, up, down)
    expect_no_own_draws("the slope", slope_of_sample, (probs, direction, u, STEP), truth, known)
    moved = (truth != 0).any(-1).double().mean()
    expect("the mean slope over all u", truth.mean(0), direction)
    passed(f"the slope is 0 at {1 - moved:.1%} of all u; its mean over u is the direction")


def invert(probs: Tensor, u: Tensor) -> Tensor:
    """How many thresholds lie below u, as a one-hot row, `[S, K]`."""
    return one_hot_rows(torch.searchsorted(probs.cumsum(-1)[:-1], u), len(probs))


def judge_flat(inverse_cdf: InverseCdf, probs: Tensor, u: Tensor) -> None:
    """Autograd must find no slope."""
    leaf = probs.clone().requires_grad_()
    try:
        yours = inverse_cdf(leaf, u)
    except RuntimeError:  # numpy takes no tensor that learns, and gives it no slope either
        return
    if not yours.requires_grad:
        return
    weight = torch.arange(1.0, yours.shape[-1] + 1, dtype=yours.dtype)
    (slope,) = torch.autograd.grad((yours * weight).sum(), leaf, allow_unused=True)
    if slope is not None and bool((slope != 0).any()):
        raise Mistake("the sample", "autograd finds a slope; an inverse cdf is a staircase")


def sample_mistakes(probs: Tensor, u: Tensor) -> Mistakes:
    """What each known mistake gives for the samples."""
    K, right = len(probs), invert(probs, u)
    below = torch.searchsorted(probs.cumsum(-1)[:-1], u)
    shifted = torch.searchsorted(torch.cat([torch.zeros(1).double(), probs.cumsum(-1)[:-1]]), u)
    return {
        "it is the index of the category; a one-hot row is asked for": below.double(),
        "it counts from the other end: u and 1 − u are exchanged": invert(probs, 1 - u),
        "it is the likeliest category; use u": one_hot_rows(probs.argmax(), K).expand(len(u), K),
        "u is compared with the probabilities; compare it with their running sum": (
            one_hot_rows((u[:, None] > probs).sum(-1).clamp(max=K - 1), K)
        ),
        "it is one category too high: count the thresholds below u": (
            one_hot_rows(shifted.clamp(max=K - 1), K)
        ),
        "it is 1 up to the category too; only the category itself is 1": right.flip(-1)
        .cumsum(-1)
        .flip(-1),
        "it is 1 from the category on; only the category itself is 1": right.cumsum(-1),
        "it is the mean, not a sample": probs.expand(len(u), K),
        "the thresholds above u are counted; count those below": one_hot_rows(K - 1 - below, K),
        "the last threshold is no threshold, it is 1; you dropped the first": one_hot_rows(
            (u[:, None] > probs.cumsum(-1)[1:]).sum(-1), K
        ),
        "the categories were sorted; keep their order": invert(probs.sort().values, u),
        "a softmax is taken of what are probabilities already": invert(probs.softmax(-1), u),
    }


def slope_mistakes(
    probs: Tensor, direction: Tensor, u: Tensor, up: Tensor, down: Tensor
) -> Mistakes:
    """What each known mistake gives for the slopes."""
    here = invert(probs, u)

    def at(step: float) -> Tensor:
        """Rolls of what need not be probabilities: thresholds below u are counted one by one."""
        return one_hot_rows((u[:, None] > (probs + step * direction).cumsum(-1)[:-1]).sum(-1), 4)

    return {
        "it is 0 everywhere, the jumps included; take the difference of two samples": 0 * up,
        "it is the slope of the mean; take the slope of each sample": direction.expand_as(up),
        "it is divided by h; the two points lie 2h apart": (up - down) / STEP,
        "it is a difference, not yet divided by 2h": up - down,
        "it has the wrong sign": (down - up) / (2 * STEP),
        "it is one-sided: take z(p + h d) − z(p − h d)": (up - here) / STEP,
        "it is one-sided, downwards: take z(p + h d) − z(p − h d)": (here - down) / STEP,
        "2 * h needs brackets: / 2 * h divides by 2 and multiplies by h": (up - down) / 2 * STEP,
        "the points lie 2h apart, and it is divided by 4h": (up - down) / (4 * STEP),
        "u is moved; keep u, and move the probabilities": (
            invert(probs, u + STEP) - invert(probs, u - STEP)
        )
        / (2 * STEP),
        "the step is missing: the points are p + h d and p − h d": (at(1.0) - at(-1.0))
        / (2 * STEP),
        "it is multiplied by the direction; that is in the two points already": direction
        * (up - down)
        / (2 * STEP),
        "the direction is missing: the points are p + h d and p − h d": (
            one_hot_rows((u[:, None] > (probs + STEP).cumsum(-1)[:-1]).sum(-1), 4)
            - one_hot_rows((u[:, None] > (probs - STEP).cumsum(-1)[:-1]).sum(-1), 4)
        )
        / (2 * STEP),
        "it is averaged over u; one slope per sample is asked for": ((up - down) / (2 * STEP)).mean(
            0
        ),
    }
