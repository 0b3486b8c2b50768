"""The weight of the KL, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["cyclical_beta_is_exact", "linear_beta_is_exact"]

Schedule = Callable[..., float]
NO_WARM_UP: Mistakes = {
    "at step 0 it is 0; without a warm-up β is 1 at once": torch.tensor([0.0, 1.0, 1.0]).double(),
    "without a warm-up β is 1 at once, not 0": torch.zeros(3).double(),
}


def linear_beta_is_exact(linear_beta: Schedule, *, seed: int) -> None:
    """Check β = min(1, step / warm_up), 1 at once where warm_up is 0.

    The truth is read off a line through (0, 0), (warm_up, 1) and on to the right, by numpy.

    Args:
        linear_beta: Maps step and warm_up (both int) to a float.
        seed: Draws the length of the warm-up.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> linear_beta_is_exact(lambda step, w: min(1.0, step / w) if w else 1.0, seed=1)
        ✓ linear: 0 at the first step, 1 after the warm-up, and on a line in between
    """
    warm_up = 5 + seed % 7
    steps = np.arange(3 * warm_up)
    yours = values("linear_beta", linear_beta, steps, warm_up)
    truth = torch.from_numpy(np.interp(steps, [0, warm_up], [0.0, 1.0]))
    expect("the linear β of each step", yours, truth, line_mistakes(steps, warm_up))
    at_once = values("linear_beta with a warm-up of 0 steps", linear_beta, np.arange(3), 0)
    expect("linear_beta with a warm-up of 0 steps", at_once, torch.ones(3).double(), NO_WARM_UP)
    passed("linear: 0 at the first step, 1 after the warm-up, and on a line in between")


def cyclical_beta_is_exact(cyclical_beta: Schedule, *, seed: int) -> None:
    """Check a line from 0 to 1 over the first `rise` steps of each cycle, then 1, then 0 again.

    Source: Fu et al., 2019, *Cyclical annealing schedule*, https://arxiv.org/abs/1903.10145.

    Args:
        cyclical_beta: Maps step, cycle and rise (all int) to a float.
        seed: Draws the lengths.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> cyclical_beta_is_exact(lambda step, c, r: min(1.0, step % c / r), seed=1)
        ✓ cyclical: it rises, stays at 1, falls back to 0 and rises again, three times
    """
    rise = 3 + seed % 4
    cycle = rise + 2 + seed % 3
    steps = np.arange(3 * cycle)
    yours = values("cyclical_beta", cyclical_beta, steps, cycle, rise)
    ends = np.array([[n * cycle, n * cycle + rise, (n + 1) * cycle - 1e-9] for n in range(3)])
    truth = torch.from_numpy(np.interp(steps, ends.ravel(), [0.0, 1.0, 1.0] * 3))
    expect("the cyclical β of each step", yours, truth, cycle_mistakes(steps, cycle, rise))
    passed("cyclical: it rises, stays at 1, falls back to 0 and rises again, three times")


def values(what: str, schedule: Schedule, steps: np.ndarray, *lengths: int) -> Tensor:
    """β at every step, `[N]`; what divides by zero or gives no number is told so."""
    try:
        found = [schedule(int(step), *lengths) for step in steps]
    except ZeroDivisionError:
        raise Mistake(what, "it divides by zero; without a warm-up β is 1 at once") from None
    one = torch.zeros((), dtype=torch.double)
    numbers = [as_value(what, value, one) for value in found]
    if any(number.dim() for number in numbers):
        raise Mistake(what, "one number is expected for one step")
    # a schedule made of float32 tensors is judged as float32
    coarse = any(number.dtype == torch.float32 for number in numbers)
    found = torch.stack([number.double() for number in numbers])
    return found.float() if coarse else found


def line_mistakes(steps: np.ndarray, warm_up: int) -> Mistakes:
    """What each known mistake gives."""
    share = steps / warm_up
    return {
        "it goes on rising after the warm-up; it stays at 1": torch.from_numpy(share),
        "it is one step early; at step 0 it is 0": torch.from_numpy(
            np.minimum(1.0, (steps + 1) / warm_up)
        ),
        "it is one step late; at step warm_up it is 1": torch.from_numpy(
            np.maximum(0.0, np.minimum(1.0, (steps - 1) / warm_up))
        ),
        "it falls from 1 to 0; it rises from 0 to 1": torch.from_numpy(np.maximum(0.0, 1 - share)),
        "it is never below 1; take the smaller of 1 and the line": torch.from_numpy(
            np.maximum(1.0, share)
        ),
        "it reaches 1 one step early": torch.from_numpy(np.minimum(1.0, steps / (warm_up - 1))),
        "it jumps from 0 to 1; it rises on a line (is a quotient rounded down?)": torch.from_numpy(
            (share >= 1).astype(float)
        ),
    }


def cycle_mistakes(steps: np.ndarray, cycle: int, rise: int) -> Mistakes:
    """What each known mistake gives."""
    place = steps % cycle
    found = {
        "it never falls back; a new cycle starts from 0": np.minimum(1.0, steps / rise),
        "it rises over the whole cycle; it rises over `rise` steps and stays at 1": place / cycle,
        "it goes on rising after `rise` steps; it stays at 1": place / rise,
        "it falls back after `rise` steps; a cycle has `cycle` steps": (steps % rise) / rise,
        "cycle and rise are swapped": np.minimum(1.0, steps % rise / cycle),
        "it is one step early; at the first step of a cycle it is 0": (
            np.minimum(1.0, (place + 1) / rise)
        ),
        "it goes up and down again in each cycle; it falls back at once": (
            1 - np.abs(2 * place / cycle - 1)
        ),
        "it falls from 1 to 0 in each cycle; it rises from 0 to 1": (
            np.maximum(0.0, 1 - place / rise)
        ),
        "it is never below 1; take the smaller of 1 and the line": np.maximum(1.0, place / rise),
        "it jumps from 0 to 1; it rises on a line (is a quotient rounded down?)": (
            (place >= rise).astype(float)
        ),
        "it is the number of the cycle that is counted; the step within the cycle is": (
            np.minimum(1.0, steps // cycle / rise)
        ),
        "it starts at the second step of a cycle": np.minimum(1.0, (steps + 1) % cycle / rise),
        "the remainder is taken of cycle / rise; brackets: (step % cycle) / rise": (
            np.minimum(1.0, steps % (cycle / rise))
        ),
        "it reaches 1 one step early": np.minimum(1.0, place / (rise - 1)),
        "a cycle is one step too long": np.minimum(1.0, steps % (cycle + 1) / rise),
        "`rise` is taken for a share of the cycle; it is a number of steps": (
            np.minimum(1.0, place / (rise * cycle))
        ),
        "it rises in the first cycle only": (
            np.where(steps < cycle, np.minimum(1.0, steps / rise), 0.0)
        ),
    }
    return {mistake: torch.from_numpy(values) for mistake, values in found.items()}
