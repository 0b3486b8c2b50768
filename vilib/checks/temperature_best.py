"""The temperature with the lowest mean squared error, at a budget of rolls."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import Mistakes, as_value, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import expect_no_own_draws
from vilib.checks.pair import two_results

__all__ = ["temperature_is_best"]

BestTemperature = Callable[[Tensor, float, Tensor, int], tuple[Tensor, float]]
N, BUDGETS = 60, (1, 2, 64)
WHAT = "(errors, best temperature)"


@careful
def temperature_is_best(best_temperature: BestTemperature, *, seed: int) -> None:
    """Errors equal an average over all tuples of rolls; the best τ is the one with the lowest.

    Args:
        best_temperature: Maps gradients of one roll `[N, T]`, all N equally likely, the exact
            gradient (a float), temperatures `[T]` and the number of rolls S that are averaged to
            (mean squared error at each temperature `[T]`, the temperature where it is lowest).
        seed: Draws the bit.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> temperature_is_best(lambda g, exact, t, S: (g.var(0), t[0]), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the error with 1 roll(s) is not right: ...
    """
    gradients, truth, temperatures = soft_bit(seed)
    found = {}
    for num_samples in BUDGETS:
        given = (gradients, truth, temperatures, num_samples)
        errors, best = two_results(WHAT, best_temperature(*given))
        shape = temperatures.shape
        if getattr(best, "shape", ()) == shape != getattr(errors, "shape", ()):
            raise Mistake(WHAT, "the two results are exchanged: the errors come first")
        right = mean_squared_errors(gradients, truth, num_samples)
        known = mistakes(gradients, truth, num_samples)
        what = f"the error with {num_samples} roll(s)"
        expect_no_own_draws(what, errors_of(best_temperature), given, right, known)
        found[num_samples] = one_number(best, right)
    passed("errors with 1, 2 and 64 rolls: averages over all that can be rolled")
    judge_best(torch.tensor(list(found.values())).double(), gradients, truth, temperatures)
    passed(f"the best τ is {found[1]:g} for one roll, {found[64]:g} for 64")


def errors_of(best_temperature: BestTemperature) -> Callable[..., object]:
    """The first of the learner's two results."""
    return lambda *given: two_results(WHAT, best_temperature(*given))[0]


def soft_bit(seed: int) -> tuple[Tensor, float, Tensor]:
    """Gradients of one soft bit at N equally likely noises `[N, T]`, the exact one, and τ `[T]`."""
    logit = -1.5 - 0.5 * torch.rand((), generator=torch.Generator().manual_seed(seed)).item()
    temperatures = torch.tensor([2.0, 0.1, 1.0, 0.35, 4.0, 0.2, 0.6], dtype=torch.double)
    noise = torch.logit(((torch.arange(N) + 0.5) / N).double())
    s = torch.sigmoid((logit + noise[:, None]) / temperatures)
    # f(s) = 2 s + s³
    gradients = (2 + 3 * s**2) * s * (1 - s) / temperatures
    p = torch.sigmoid(torch.tensor(logit, dtype=torch.double))
    return gradients, (3 * p * (1 - p)).item(), temperatures


def mean_squared_errors(gradients: Tensor, truth: float, num_samples: int) -> Tensor:
    """E[(mean of S rolls − truth)²] `[T]`, from single rolls and pairs of different ones.

    The square of a sum of S errors has S squares and S (S − 1) products of independent errors; the
    mean of such a product is taken over all N² pairs of rolls.
    """
    errors = gradients - truth
    squares = errors.square().mean(0)
    products = (errors[:, None] * errors[None]).mean((0, 1))
    S = num_samples
    return (S * squares + S * (S - 1) * products) / S**2


def one_number(best: object, like: Tensor) -> float:
    """What the learner says is the best temperature, as a number."""
    value = as_value("the best temperature", best, like)
    if value.numel() != 1:
        raise Mistake("the best temperature", "one temperature is asked for", yours=value)
    return float(value)


def judge_best(yours: Tensor, gradients: Tensor, truth: float, temperatures: Tensor) -> None:
    """The learner's best temperatures for all budgets; a mistake shows in all of them."""
    errors = torch.stack([mean_squared_errors(gradients, truth, S) for S in BUDGETS])  # [3, T]
    bias = (gradients.mean(0) - truth).abs()
    same = torch.ones(len(BUDGETS), dtype=torch.long)
    expect(
        f"the best temperature for {', '.join(map(str, BUDGETS))} rolls",
        # a temperature in single precision is meant as well
        yours.float(),
        temperatures[errors.argmin(-1)],
        {
            "it is the index; the temperature itself is asked for": errors.argmin(-1).double(),
            "it is the τ with the largest error": temperatures[errors.argmax(-1)],
            "it is the τ with the lowest variance": temperatures[gradients.var(0).argmin() * same],
            "it is the τ with the lowest bias": temperatures[bias.argmin() * same],
            "it is the lowest error; the temperature where it is reached is asked for": (
                errors.amin(-1)
            ),
            "it is the τ that is best for one roll; S counts": (
                temperatures[errors[0].argmin() * same]
            ),
        },
    )


def mistakes(gradients: Tensor, truth: float, num_samples: int) -> Mistakes:
    """What each known mistake gives for the errors."""
    bias, S = gradients.mean(0) - truth, num_samples
    variance = gradients.var(0, unbiased=False)
    square = bias**2
    return {
        "the bias is missing: this is the variance alone": variance / S,
        "the variance is missing: this is the squared bias alone": bias**2,
        "the bias is not squared": bias + variance / S,
        "the bias is not squared, its size is added": bias.abs() + variance / S,
        "the variance is not divided by the number of rolls": bias**2 + variance,
        "the squared bias is divided by the number of rolls too": (bias**2 + variance) / S,
        "the variance is divided by S²": bias**2 + variance / S**2,
        "the standard deviation stands where the variance belongs": bias**2 + variance.sqrt() / S,
        "it is a root mean squared error": (bias**2 + variance / S).sqrt(),
        "the N rolls are all there are: divide by N, not by N − 1": bias**2 + gradients.var(0) / S,
        "it is the variance around 0": bias**2 + gradients.square().mean(0) / S,
        "the variance is divided by N, the length of the table; S rolls are averaged": (
            square + variance / len(gradients)
        ),
        "the variance is multiplied by the number of rolls; it is divided": square + variance * S,
        "it is divided by the exact gradient squared; the error itself is asked for": (
            (square + variance / S) / truth**2
        ),
        "only the first S rolls of the table are averaged; all N are equally likely": (
            (gradients[:S].mean(0) - truth) ** 2
        ),
        "the bias is added to the variance before it is squared": (bias + variance / S) ** 2,
        "the bias is counted twice": bias**2 + (variance + bias**2) / S,
        "axes are exchanged: average over rolls, not over temperatures": (
            (gradients.mean(1) - truth) ** 2 + gradients.var(1, unbiased=False) / S
        ),
    }
