"""A planar layer and its log-determinant."""

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

__all__ = ["planar_is_exact"]

PlanarLayer = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


@careful
def planar_is_exact(
    planar: PlanarLayer, *, seed: int, num_points: int = 3, num_dimensions: int = 3
) -> None:
    """y = x + u tanh(wᵀx + b), and log |det ∂y/∂x| against autograd's whole Jacobian.

    One layer pushes points apart (wᵀu > 0), one pulls them together (−1 < wᵀu < 0).

    Args:
        planar: The learner's function: x `[B, D]`, u `[D]`, w `[D]`, b `[]` → (y `[B, D]`, log
            determinant `[B]`).
        seed: Draws layers and points.
        num_points: B.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> planar_is_exact(lambda x, u, w, b: (x, x.sum(-1)), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: y is not right: the value is off...
    """
    generator = torch.Generator().manual_seed(seed)
    # |wᵀu| < 1: the determinant stays positive with tanh in the place of its slope, a known mistake
    for along in (0.9, -0.7):
        x, u, w, b = draw_layer(generator, along, num_points, num_dimensions)
        y = moved(x, u, w, b)
        log_det = log_det_by_autograd(partial(moved, u=u, w=w, b=b), x)
        given = (value.clone() for value in (x, u, w, b))
        yours = two_results("(y, log_det)", planar(*given))
        expect("y", yours[0], y, move_mistakes(x, u, w, b))
        expect("log |det ∂y/∂x|", yours[1], log_det, det_mistakes(x, u, w, b))
    passed(f"a planar layer in {num_dimensions} dimensions, and its log determinant")


def draw_layer(
    generator: torch.Generator, along: float, num_points: int, num_dimensions: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Points, and u, w, b with wᵀu = `along`."""
    x = torch.randn(num_points, num_dimensions, generator=generator, dtype=torch.double)
    u, w = torch.randn(2, num_dimensions, generator=generator, dtype=torch.double)
    b = torch.randn((), generator=generator, dtype=torch.double)
    return x, u + (along - w @ u) * w / (w @ w), w, b


def moved(x: Tensor, u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """x + u tanh(wᵀx + b) of points `[..., D]`."""
    return x + u * torch.tanh(x @ w + b).unsqueeze(-1)


def move_mistakes(x: Tensor, u: Tensor, w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for y, `[B, D]`."""
    t = torch.tanh(x @ w + b).unsqueeze(-1)
    return {
        "x itself is missing: the layer adds to x": u * t,
        "it pushes along w: the push goes along u": x + w * t,
        "t is one number per point, `[B]`: give it a last axis before it meets u": (
            x + (u * t[..., 0] if x.shape[0] == x.shape[1] else 0)
        ),
        "it pushes the wrong way: u is added": x - u * t,
        "it has a sigmoid in the place of tanh": x + u * (x @ w + b).sigmoid().unsqueeze(-1),
        "u was changed first: it is allowed already, wᵀu > −1": x + constrained(u, w) * t,
        "the offset b stands outside the tanh": x + u * (torch.tanh(x @ w).unsqueeze(-1) + b),
        "the offset b is missing": x + u * torch.tanh(x @ w).unsqueeze(-1),
        "w multiplies x entry by entry: wᵀx is one number per point": x + u * torch.tanh(x * w + b),
        "u and w are swapped": x + w * torch.tanh(x @ u + b).unsqueeze(-1),
    }


def constrained(u: Tensor, w: Tensor) -> Tensor:
    """û, `[D]`, which is the next exercise."""
    along = w @ u
    return u + (torch.nn.functional.softplus(along) - 1 - along) * w / (w @ w)


def det_mistakes(x: Tensor, u: Tensor, w: Tensor, b: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for the log determinant, `[B]`."""
    t, along = torch.tanh(x @ w + b), w @ u
    slope = 1 - t**2
    log_det = (1 + along * slope).log()
    return {
        "it has the wrong sign: this is the log determinant of the inverse": -log_det,
        "the logarithm is missing: this is the determinant": log_det.exp(),
        "the 1 of the identity is missing: the determinant is 1 + wᵀu h′": (
            (along * slope).abs().log()
        ),
        "the slope h′ of the tanh is missing": (1 + along).log().expand_as(t),
        "wᵀu has the wrong sign: the determinant is 1 + wᵀu h′": (1 - along * slope).abs().log(),
        "log1p(s) is log(1 + s): there is one 1 too many": (1 + along * slope).log1p(),
        "it counts once per dimension: only one direction is stretched": (
            x.shape[-1] * (1 + along * slope).log()
        ),
        "the slope h′ is 1 − tanh² of wᵀx + b: the tanh is taken twice": (
            1 + along * (1 - t.tanh() ** 2)
        ).log(),
        "the slope h′ is 1 − tanh², not tanh²": (1 + along * t**2).log(),
        "the offset b is missing in the slope h′": (1 + along * (1 - (x @ w).tanh() ** 2)).log(),
        "u was changed first: it is allowed already, wᵀu > −1": (
            1 + w @ constrained(u, w) * slope
        ).log(),
        "it uses tanh where its slope 1 − tanh² belongs": (1 + along * t).abs().log(),
        "the slope of the tanh is 1 − tanh², not 1 − tanh": (1 + along * (1 - t)).abs().log(),
        "the slope is taken at x that has already moved": (
            1 + along * (1 - torch.tanh(moved(x, u, w, b) @ w + b) ** 2)
        ).log(),
        "it is summed over points: one per point is asked for": log_det.sum(),
        "it is averaged over points: one per point is asked for": log_det.mean(),
        "wᵀu is a sum over dimensions, not a mean": (1 + along / len(w) * slope).log(),
        "u is multiplied by u: the determinant has wᵀu in it": (1 + (u @ u) * slope).log(),
        "w is multiplied by w: the determinant has wᵀu in it": (1 + (w @ w) * slope).log(),
        "it sums log(1 + wᵢ uᵢ h′) over dimensions: the Jacobian is not diagonal": (
            (1 + w * u * slope.unsqueeze(-1)).abs().log().sum(-1)
        ),
    }
