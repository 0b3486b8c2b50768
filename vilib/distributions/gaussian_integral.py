"""Integrals of a Gaussian density times Gaussian distribution functions."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from vilib.distributions.gaussian_cdf import log_Phi

__all__ = ["log_gaussian_integral"]

NODES = 400
# e⁻⁴⁰ is below the rounding of float64
DROP = 40.0
# beyond these arguments Φ is 0 or 1 to rounding, or as smooth as a Gaussian's tail
STEP = 8.0


def log_gaussian_integral(
    alpha: Tensor,
    slope: Tensor,
    mean: Tensor,
    scale: Tensor,
    low: float = -torch.inf,
    high: float = torch.inf,
) -> Tensor:
    """log ∫ₗʰ exp(-((x - m) / s)² / 2) ∏ⱼ Φ(αⱼ + βⱼ x) dx, with the gradients of its parameters.

    By Gauss-Legendre quadrature with about 400 nodes on the window that matters: the integrand is
    log-concave, and falls by 40 nats from its mode on the way to the window's ends. Where a Φ
    steps from 0 to 1, |αⱼ + βⱼ x| < 8, there is a piece of the quadrature for the step alone.

    A trapezoid rule on a fixed grid loses mass wherever the integrand is narrow for the grid.

    Args:
        alpha: α, `[..., J]`; ∞ makes a factor 1.
        slope: β, `[..., J]`.
        mean: m, `[...]`.
        scale: s > 0, `[...]`.
        low: l.
        high: h > l.

    Returns:
        `[...]`, in the dtype of the parameters.

    Example: ∫ φ(x) Φ(x)² dx = 1/3, the chance that the first of three is the largest.
        >>> a, b = torch.zeros(2), torch.ones(2)
        >>> log_i = log_gaussian_integral(a, b, torch.tensor(0.0), torch.tensor(1.0))
        >>> log_i.exp() / (2 * torch.pi) ** 0.5
        tensor(0.3333)
    """
    with torch.no_grad():
        # the nodes stay where they are when parameters move: a derivative under the integral
        x, log_w = nodes(*(p.double() for p in (alpha, slope, mean, scale)), low, high)
    log_f = log_integrand(x.to(mean), alpha, slope, mean, scale)
    return (log_f + log_w.to(mean)).logsumexp(0)


def log_integrand(x: Tensor, alpha: Tensor, slope: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    """-((x - m) / s)² / 2 + ∑ⱼ log Φ(αⱼ + βⱼ x) at x `[N, ...]`."""
    factors = log_Phi(alpha + slope * x.unsqueeze(-1))
    return -0.5 * ((x - mean) / scale) ** 2 + factors.sum(-1)


def nodes(
    alpha: Tensor, slope: Tensor, mean: Tensor, scale: Tensor, low: float, high: float
) -> tuple[Tensor, Tensor]:
    """Where to evaluate, and the log weights there, both `[N, ...]`."""
    left, right = window(alpha, slope, mean, scale, low, high)
    steps = torch.cat([(side - alpha) / slope for side in (-STEP, STEP)], -1)
    steps = steps.nan_to_num().movedim(-1, 0).clamp(left, right)  # [2 J, ...]
    edges = torch.stack([left, *steps, right]).sort(0).values
    start, length = edges[:-1], edges.diff(dim=0)  # [2 J + 1, ...]
    u, w = unit_rule(max(NODES // len(length), 50))
    shape = (-1, *(1,) * length.dim())
    u, w = (torch.as_tensor(a, device=mean.device).reshape(shape) for a in (u, w))
    return (start + length * u).flatten(0, 1), (length * w).log().flatten(0, 1)


@functools.cache
def unit_rule(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the Gauss-Legendre rule on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return (nodes + 1) / 2, weights / 2


def window(
    alpha: Tensor, slope: Tensor, mean: Tensor, scale: Tensor, low: float, high: float
) -> tuple[Tensor, Tensor]:
    """The ends of the interval that has all but e⁻⁴⁰ of the integral, `[...]` each."""

    def pull(x: Tensor) -> Tensor:
        # the derivative of ∑ⱼ log Φ: β φ/Φ; erfcx does not underflow where Φ does
        z = alpha + slope * x.unsqueeze(-1)
        return slope * (2 / torch.pi) ** 0.5 / torch.special.erfcx(-z * 0.5**0.5)

    # φ/Φ falls, so that the mode is at most where the pull at the mean would bring it
    first = pull(mean)
    left, right = (mean + scale**2 * side.sum(-1) for side in (first.clamp(max=0), first.relu()))
    left, right = left.clamp(low, high), right.clamp(low, high)
    mode, _ = bisect(lambda x: (x - mean) / scale**2 <= pull(x).sum(-1), left, right, 80)

    def log_f(x: Tensor) -> Tensor:
        return log_integrand(x[None], alpha, slope, mean, scale)[0]

    floor = log_f(mode) - DROP
    # at least as steep as the Gaussian: down by DROP within √(2 DROP) scales
    reach = (2 * DROP) ** 0.5 * scale
    left, _ = bisect(lambda x: log_f(x) < floor, (mode - reach).clamp(min=low), mode, 40)
    _, right = bisect(lambda x: log_f(x) >= floor, mode, (mode + reach).clamp(max=high), 40)
    return left, right


def bisect(
    before: Callable[[Tensor], Tensor], left: Tensor, right: Tensor, rounds: int
) -> tuple[Tensor, Tensor]:
    """Shrink [left, right] around the point where `before` turns from true to false."""
    for _ in range(rounds):
        middle = (left + right) / 2
        true = before(middle)
        left, right = torch.where(true, middle, left), torch.where(true, right, middle)
    return left, right
