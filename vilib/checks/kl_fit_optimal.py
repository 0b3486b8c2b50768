"""The Gaussian closest to a target, in either direction of the KL."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.grid_fit import best_reverse, best_spread, draw_target, kl_on_grid, moments
from vilib.checks.judge import as_value
from vilib.checks.mistake import Mistake, passed
from vilib.checks.pair import two_results

__all__ = ["kl_fit_is_optimal"]

TOLERANCE = 0.02  # nats above the best: any search over a sensible grid of candidates gets there
NEAR = 0.1  # how close mean and standard deviation must be to a known mistake's to be named so


@careful
def kl_fit_is_optimal(
    kl_fit: Callable[[Tensor, Tensor, str], tuple[Tensor, Tensor]],
    *,
    seed: int,
    target: str = "bimodal",
) -> None:
    """The fit's KL is within 0.02 nats of the smallest, for "reverse" and for "forward".

    The smallest is found by moments (forward) and by a search that zooms in (reverse).

    Args:
        kl_fit: The learner's function: z `[N]` equally spaced, log p `[N]` not normalised,
            direction → (mean, standard deviation) of the Gaussian q with the smallest KL(q‖p)
            ("reverse") or KL(p‖q) ("forward").
        seed: Draws the target.
        target: "bimodal"; "gaussian", which both directions recover; or "skewed", where the best q
            is neither at the highest place nor as wide as the curvature there says.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> kl_fit_is_optimal(lambda z, log_p, direction: (z.mean(), 0.5), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... is not right: it sits where p has almost no mass...
    """
    z, modes = draw_target(seed, target)
    log_p = modes.logsumexp(0) + 1.5  # not normalised, as a log joint is not
    fits = {"forward": moments(z, log_p), "reverse": best_reverse(z, log_p)}
    for direction in ("reverse", "forward"):
        yours = fitted(kl_fit(z.clone(), log_p.clone(), direction))
        mistakes = reverse_mistakes if direction == "reverse" else forward_mistakes
        judge_fit(direction, yours, fits[direction], z, log_p, mistakes(z, modes, fits))
    passed(f"the best Gaussian in both directions, {target} target")


def fitted(returned: object) -> Tensor:
    """(mean, standard deviation) as one float64 tensor `[2]`."""
    what = "(mean, standard deviation)"
    number = torch.zeros((), dtype=torch.double)
    values = [as_value(what, v, number) for v in two_results(what, returned)]
    for value in values:
        if value.numel() != 1 or not bool(torch.isfinite(value).all()):
            raise Mistake(what, "two finite numbers are expected", yours=value)
    mean, sd = (v.detach().double().reshape(()) for v in values)
    if sd <= 0:
        raise Mistake(what, "a standard deviation is positive", yours=sd)
    return torch.stack([mean, sd])


def judge_fit(
    direction: str,
    yours: Tensor,
    best: Tensor,
    z: Tensor,
    log_p: Tensor,
    mistakes: dict[str, Tensor],
) -> None:
    """Compare KLs, not parameters; name the mistake whose parameters these are."""
    excess = kl_on_grid(yours, z, log_p, direction) - kl_on_grid(best, z, log_p, direction)
    if excess <= TOLERANCE:
        return
    what = f"the {direction} fit (mean, sd)"
    density = torch.exp(log_p - log_p.max())
    for sentence, wrong in mistakes.items():
        if bool(((yours - wrong).abs() < NEAR).all()):
            raise Mistake(what, sentence, yours=yours, expected=best)
    if direction == "reverse" and density[(z - yours[0]).abs().argmin()] < 0.2:
        sentence = "it sits where p has almost no mass, and KL(q‖p) pays for that"
        raise Mistake(what, sentence, yours=yours, expected=best)
    raise Mistake(what, f"its KL is {excess:.3f} nats above the best", yours=yours, expected=best)


def reverse_mistakes(z: Tensor, modes: Tensor, fits: dict[str, Tensor]) -> dict[str, Tensor]:
    """(mean, sd) of each known mistake for KL(q‖p)."""
    lesser = modes.logsumexp(1).argmin()
    mean, sd = fits["reverse"]
    log_p = modes.logsumexp(0)
    top = int(log_p[1:-1].argmax()) + 1
    curvature = (2 * log_p[top] - log_p[top - 1] - log_p[top + 1]) / (z[1] - z[0]) ** 2
    return {
        "it is the optimum of the other direction, KL(p‖q)": fits["forward"],
        "it sits on the lesser mode, for all its higher peak: look for the best fit everywhere": (
            moments(z, modes[lesser])
        ),
        "the variance came back: take its square root": torch.stack([mean, sd**2]),
        "the spread is that of all of p: KL(q‖p) covers one mode": torch.stack(
            [mean, fits["forward"][1]]
        ),
        "q has shrunk to a point: −log q(z) is missing": torch.stack([mean, 0 * sd]),
        "it is Laplace's approximation, highest place and curvature of p: KL(q‖p) averages": (
            torch.stack([z[top], curvature.rsqrt()])
        ),
        "it is centred on the highest place of p: search the mean as well": (
            best_spread(z, log_p, z[top])
        ),
        "the grid that is given is not used: z need not be centred at 0": (
            torch.stack([mean - z.mean(), sd])
        ),
    }


def forward_mistakes(z: Tensor, modes: Tensor, fits: dict[str, Tensor]) -> dict[str, Tensor]:
    """(mean, sd) of each known mistake for KL(p‖q)."""
    mean, sd = fits["forward"]
    p = (modes.logsumexp(0) + 1.5).exp()
    raw = (p * z).sum()
    peak = z[modes.logsumexp(0).argmax()]
    return {
        "it is the optimum of the other direction, KL(q‖p)": fits["reverse"],
        "the variance came back: take its square root": torch.stack([mean, sd**2]),
        "p is not normalised: divide by its sum over the grid": torch.stack(
            [raw, (p * (z - raw) ** 2).sum().sqrt()]
        ),
        "the weights of p are ignored: these are the mean and spread of the grid": torch.stack(
            [z.mean(), z.std()]
        ),
        "it is centred on the highest mode: the mean of p is asked for": torch.stack([peak, sd]),
        "the grid that is given is not used: z need not be centred at 0": (
            torch.stack([mean - z.mean(), sd])
        ),
        "the spread is the mean distance from the mean: it is the root of the mean square": (
            torch.stack([mean, (p / p.sum() * (z - mean).abs()).sum()])
        ),
        "the spread is that of one mode": torch.stack([mean, fits["reverse"][1]]),
        "the second moment is taken around 0, not around the mean": torch.stack(
            [mean, (mean**2 + sd**2).sqrt()]
        ),
    }
