"""The density of y = f(x), in one dimension."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Distribution, Normal

from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["density_of_map_is_exact"]

Curve = Callable[[Tensor], Tensor]
DensityOfMap = Callable[[Tensor, Distribution, Curve, Curve], Tensor]


class Map(NamedTuple):
    """A monotone map of numbers, and an interval of y that holds its whole density."""

    name: str
    inverse: Curve
    slope: Curve
    interval: tuple[float, float]


@careful
def density_of_map_is_exact(
    density_of_map: DensityOfMap, *, seed: int, num_points: int = 7
) -> None:
    """log q(y) = log base(x) − log |f′(x)| against the derivative of q's cdf; and its mass is 1.

    The truth needs no change of variables: |d/dy cdf(f⁻¹(y))| by autograd.

    Args:
        density_of_map: The learner's function: y `[N]`, base, inverse y ↦ x, slope x ↦ f′(x) →
            log q(y) `[N]`, nats.
        seed: Draws the maps and the points.
        num_points: N.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> density_of_map_is_exact(lambda y, base, inverse, slope: base.log_prob(y), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: log q(y), rising f, is not right: the base is asked at y...
    """
    generator = torch.Generator().manual_seed(seed)
    base = Normal(torch.tensor(0.3, dtype=torch.double), 0.8)
    for f in maps(generator):
        low, high = f.interval
        y = torch.rand(num_points, generator=generator, dtype=torch.double) * 6 - 3
        y = y + (low + high) / 2
        yours = density_of_map(y.clone(), base, f.inverse, f.slope)
        what = f"log q(y), {f.name} f,"
        if isinstance(yours, Tensor) and bool(yours.isnan().any()):
            raise Mistake(what, "a slope is negative: take its absolute value before the logarithm")
        expect(what, yours, by_cdf(y, base, f.inverse), density_mistakes(y, base, f))
        # equal steps: the ends add nothing, and for a smooth density the sum is exact
        grid = torch.linspace(low, high, 8001, dtype=torch.double)
        log_q = as_value(what, density_of_map(grid.clone(), base, f.inverse, f.slope), grid)
        expect(f"the mass of q, {f.name} f,", log_q.exp().sum() * (grid[1] - grid[0]), 1.0)
    passed("log q(y) of a rising and of a falling map, and both have mass 1")


def maps(generator: torch.Generator) -> list[Map]:
    """y = sinh(c x), which bends, and y = a − c x, which turns round."""
    a, c = (torch.rand(2, generator=generator, dtype=torch.double) * 0.4 + 0.4).tolist()
    return [
        Map("rising", lambda y: y.asinh() / c, lambda x: c * (c * x).cosh(), (-60.0, 60.0)),
        Map("falling", lambda y: (a - y) / c, lambda x: torch.full_like(x, -c), (-9.0, 9.0)),
    ]


def by_cdf(y: Tensor, base: Distribution, inverse: Curve) -> Tensor:
    """log |d/dy cdf(f⁻¹(y))|, `[N]`."""
    y = y.clone().requires_grad_()
    (density,) = torch.autograd.grad(base.cdf(inverse(y)).sum(), y)
    return density.abs().log()


def density_mistakes(y: Tensor, base: Distribution, f: Map) -> dict[str, Tensor]:
    """What each known mistake gives for log q(y), `[N]`."""
    x = f.inverse(y)
    log_base, log_slope = base.log_prob(x), f.slope(x).abs().log()
    return {
        "the log determinant has the wrong sign: where f stretches, the density falls": (
            log_base + log_slope
        ),
        "the base is asked at y, not at x = f⁻¹(y), and nothing pays for the stretch": (
            base.log_prob(y)
        ),
        "the slope is missing: nothing pays for the stretch": log_base,
        "the base is asked at y, not at x = f⁻¹(y)": base.log_prob(y) - log_slope,
        "the slope is taken at y, not at x = f⁻¹(y)": log_base - f.slope(y).abs().log(),
        "the absolute value is taken of the logarithm: take it of the slope": (
            log_base - log_slope.abs()
        ),
        "it is divided by the slope: from a logarithm the log of the slope is taken off": (
            log_base / f.slope(x).abs()
        ),
        "the log of the slope is taken off twice": log_base - 2 * log_slope,
        "log1p(s) is log(1 + s): the log of the slope belongs there": (
            log_base - f.slope(x).abs().log1p()
        ),
        "the cdf stands where the density of the base belongs": base.cdf(x).log() - log_slope,
        "the logarithm of the slope is missing": log_base - f.slope(x),
        "the logarithm of the slope is missing: this has |f′| in its place": (
            log_base - f.slope(x).abs()
        ),
        "this is the density: its logarithm is asked for": (log_base - log_slope).exp(),
        "it is summed over points": (log_base - log_slope).sum(),
        "it is averaged over points": (log_base - log_slope).mean(),
    }
