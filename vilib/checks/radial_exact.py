"""A radial layer and its log-determinant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.change_of_variable import log_det_by_autograd
from vilib.checks.judge import expect
from vilib.checks.mistake import passed
from vilib.checks.pair import two_results

__all__ = ["radial_is_exact"]

RadialLayer = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


@careful
def radial_is_exact(
    radial: RadialLayer, *, seed: int, num_points: int = 5, num_dimensions: int = 3
) -> None:
    """y = x + β h (x − c), and log |det ∂y/∂x| against autograd's whole Jacobian.

    One layer blows up around its centre (β > 0), one shrinks (−α < β < 0).

    Args:
        radial: The learner's function: x `[B, D]`, centre `[D]`, alpha `[]`, beta `[]` → (y
            `[B, D]`, log determinant `[B]`).
        seed: Draws layers and points.
        num_points: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> radial_is_exact(lambda x, c, alpha, beta: (x + beta * (x - c), x.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: y is not right: the factor h = 1 / (α + r) is missing...
    """
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.double)

    for share in (2.5, -0.6):
        x, c = draw(num_points, num_dimensions), draw(num_dimensions)
        α = 0.4 + draw().abs()
        β = share * α
        log_det = log_det_by_autograd(partial(moved, c=c, α=α, β=β), x)
        yours = two_results("(y, log_det)", radial(x.clone(), c.clone(), α.clone(), β.clone()))
        expect("y", yours[0], moved(x, c, α, β), move_mistakes(x, c, α, β))
        expect("log |det ∂y/∂x|", yours[1], log_det, det_mistakes(x, c, α, β))
    passed(f"a radial layer in {num_dimensions} dimensions, and its log determinant")


def moved(x: Tensor, c: Tensor, α: Tensor, β: Tensor) -> Tensor:
    """x + β h (x − c) of points `[..., D]`."""
    away = x - c
    return x + β * away / (α + away.norm(dim=-1, keepdim=True))


def move_mistakes(x: Tensor, c: Tensor, α: Tensor, β: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for y, `[B, D]`."""
    away = x - c
    r = away.norm(dim=-1, keepdim=True)
    h = 1 / (α + r)
    return {
        "the factor h = 1 / (α + r) is missing": x + β * away,
        "β is added where it multiplies": x + β + h * away,
        "x itself is missing: the layer adds to x": β * h * away,
        "it starts from the centre: the layer adds to x": c + β * h * away,
        "it stretches x, not x − c": x + β * h * x,
        "r is the squared distance: take the root": x + β * away / (α + r**2),
        "r is the sum of absolute differences: it is the Euclidean distance": (
            x + β * away / (α + away.abs().sum(-1, keepdim=True))
        ),
        "r is taken coordinate by coordinate: it is one distance per point": (
            x + β * away / (α + away.abs())
        ),
        "r is the distance from the origin: it is that from the centre": (
            x + β * away / (α + x.norm(dim=-1, keepdim=True))
        ),
        "it moves towards the centre where it should move away": x - β * h * away,
        "r is one distance for all points: each point has its own, norm(dim=-1)": (
            x + β * away / (α + away.norm())
        ),
        "β is missing": x + h * away,
        "h is 1 / (α + r), not α + r": x + β * (α + r) * away,
        "h is 1 / (α + r), not 1 / α + r: a bracket is missing": x + β * (1 / α + r) * away,
        "α and β are swapped": x + α * away / (β + r),
    }


def behind(x: Tensor, c: Tensor, α: Tensor, β: Tensor) -> Tensor:
    """The formula of the log determinant, asked at y, `[B]`."""
    r = (moved(x, c, α, β) - c).norm(dim=-1)
    h = 1 / (α + r)
    return (x.shape[-1] - 1) * (1 + β * h).log() + (1 + α * β * h**2).log()


def det_mistakes(x: Tensor, c: Tensor, α: Tensor, β: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the log determinant, `[B]`."""
    D = x.shape[-1]
    r = (x - c).norm(dim=-1)
    h = 1 / (α + r)
    across, along = (1 + β * h).log(), (1 + α * β * h**2).log()
    log_det = (D - 1) * across + along
    return {
        "it has the wrong sign: this is the log determinant of the inverse": -log_det,
        "the logarithm is missing: this is the determinant": log_det.exp(),
        "the factor across the radius counts D times: D − 1 directions lie across it": (
            D * across + along
        ),
        "the factor across the radius counts once: D − 1 directions lie across it": across + along,
        "the factor along the radius is that of the others: r moves h too": D * across,
        "the factor along the radius is missing": (D - 1) * across,
        "the factor across the radius is missing": along,
        "the two factors are swapped": across + (D - 1) * along,
        "h′ has the wrong sign: h falls with r": (
            (D - 1) * across + (1 + β * h + β * r * h**2).log()
        ),
        "log1p(s) is log(1 + s): there is one 1 too many": (
            (D - 1) * (1 + β * h).log1p() + (1 + α * β * h**2).log1p()
        ),
        "the logarithms are multiplied: they add up": (D - 1) * across * along,
        "D is the number of dimensions: the number of points was taken": (
            (len(x) - 1) * across + along
        ),
        "the factor along the radius lacks its r: h′ r is added to h": (
            (D - 1) * across + (1 + β * h - β * h**2).abs().log()
        ),
        "the factors are added inside the logarithm: they multiply": (
            ((D - 1) * across.exp() + along.exp()).log()
        ),
        "β is missing": (D - 1) * (1 + h).log() + (1 + h - r * h**2).log(),
        "r is taken of x that has already moved": behind(x, c, α, β),
        "h′ lacks its square: it is −h²": (D - 1) * across + (1 + β * h - β * r * h).abs().log(),
        "it is summed over points: one per point is asked for": log_det.sum(),
        "it is averaged over points: one per point is asked for": log_det.mean(),
    }
