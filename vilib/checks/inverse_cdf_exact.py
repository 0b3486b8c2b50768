"""A sample by the inverse cumulative distribution function."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.gradients import gradients
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import passed
from vilib.checks.own_draws import same_again

__all__ = ["inverse_cdf_is_exact"]

InverseCdf = Callable[[Tensor, Tensor, Tensor], Tensor]
WHAT = "the logistic sample"


@careful
def inverse_cdf_is_exact(logistic_sample: InverseCdf, *, seed: int, num_draws: int = 9) -> None:
    """F(z) = u for the logistic distribution, and the slopes that follow from F alone.

    Differentiating F(z(λ); λ) = u gives dz/dλ = -(∂F/∂λ) / q(z), whatever formula z came from.

    Args:
        logistic_sample: Uniform numbers `[N]`, mean `[N]`, scale `[N]` → `[N]`.
        seed: Draws the numbers.
        num_draws: N.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> inverse_cdf_is_exact(lambda u, m, s: m + s * u.log(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: ... log(1 − u) is missing...
    """
    generator = torch.Generator().manual_seed(seed)

    def draw(low: float, high: float) -> Tensor:
        found = torch.rand(num_draws, generator=generator, dtype=torch.double)
        return low + (high - low) * found

    u, m, s = draw(0.05, 0.45), draw(-1.0, 2.0), draw(1.3, 2.5)
    # both halves, and nearly 0 and 1
    u = torch.where(torch.arange(num_draws) % 2 > 0, u, 1 - u)
    u = torch.cat([u, torch.tensor([1e-6, 1 - 1e-6], dtype=torch.double)])
    m, s = (torch.cat([t, t[:2]]).requires_grad_() for t in (m, s))
    yours = as_value(WHAT, logistic_sample(u, m, s), u)
    same_again(WHAT, yours, logistic_sample(u, m, s), "u")
    z = by_bisection(u, m.detach(), s.detach())
    expect(WHAT, yours, z, cdf_mistakes(u, m.detach(), s.detach()))
    in_mean, in_scale = gradients(WHAT, yours, m, s)
    slope_m, slope_s = implicit(z, m, s)
    expect(f"{WHAT}'s slope in the mean", in_mean, slope_m, {"it is detached": 0 * slope_m})
    expect(f"{WHAT}'s slope in the scale", in_scale, slope_s, {"it is detached": 0 * slope_s})
    passed("F(z) = u, and the slopes are −(∂F/∂λ) / q(z)")


def cdf(z: Tensor, m: Tensor, s: Tensor) -> Tensor:
    """F(z) of the logistic distribution."""
    return torch.sigmoid((z - m) / s)


def by_bisection(u: Tensor, m: Tensor, s: Tensor) -> Tensor:
    """Where F reaches u, found without knowing the inverse."""
    low, high = m - 40 * s, m + 40 * s
    for _ in range(80):
        middle = (low + high) / 2
        below = cdf(middle, m, s) < u
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return (low + high) / 2


def implicit(z: Tensor, m: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    """dz/dm and dz/ds from F by the implicit function theorem."""
    z = z.clone().requires_grad_()
    in_z, in_m, in_s = torch.autograd.grad(cdf(z, m, s).sum(), (z, m, s))
    return -in_m / in_z, -in_s / in_z


def cdf_mistakes(u: Tensor, m: Tensor, s: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives, `[N]`."""
    logit = u.logit()
    return {
        "it is mirrored: this is where F(z) = 1 − u": m - s * logit,
        "log(1 − u) is missing: the inverse of the sigmoid is log u − log(1 − u)": m + s * u.log(),
        "log u is missing: the inverse of the sigmoid is log u − log(1 − u)": m - s * (1 - u).log(),
        "the mean is missing": s * logit,
        "the scale is missing": m + logit,
        "the scale multiplies log u alone: it multiplies the whole logit": (
            m + s * u.log() - (1 - u).log()
        ),
        "the log is missing: the logit is log(u / (1 − u))": m + s * u / (1 - u),
        "the z is standardised, (logit − m)/s: solve for z": (logit - m) / s,
        "the mean is subtracted": s * logit - m,
        "the scale is taken for a variance": m + s.sqrt() * logit,
        "the scale is squared": m + s**2 * logit,
        "the scale divides instead of multiplying": m + logit / s,
        "the mean is multiplied by the scale, too": s * (m + logit),
        "F itself is applied, not its inverse": cdf(u, m, s),
        "the sigmoid is applied where its inverse is needed": m + s * u.sigmoid(),
        "this is a Gaussian's inverse": m + s * torch.special.ndtri(u),
        "this is the inverse of erf, of a Gaussian": m + s * torch.erfinv(2 * u - 1),
    }
