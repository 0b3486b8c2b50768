"""The constraint that keeps a planar layer invertible."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vilib.checks.careful import careful
from vilib.checks.judge import expect
from vilib.checks.mistake import passed

__all__ = ["planar_stays_invertible"]

KeepInvertible = Callable[[Tensor, Tensor], Tensor]


@careful
def planar_stays_invertible(
    keep_invertible: KeepInvertible, *, seed: int, num_dimensions: int = 3
) -> None:
    """û differs from u along w only, and wᵀû = m(wᵀu) = −1 + log(1 + exp(wᵀu)) > −1.

    The truth is put together in a basis whose first vector is w / ‖w‖: the first coordinate is
    m(wᵀu) / ‖w‖, the others are u's.

    Args:
        keep_invertible: The learner's function: u `[D]`, w `[D]` → û `[D]`.
        seed: Draws u and w.
        num_dimensions: D.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> planar_stays_invertible(lambda u, w: u, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: û, for wᵀu = -3, is not right: it is u, unchanged...
    """
    generator = torch.Generator().manual_seed(seed)
    for along in (-3.0, -0.4, 2.0, 800.0):
        u, w = torch.randn(2, num_dimensions, generator=generator, dtype=torch.double)
        # far from length 1, where ‖w‖ and ‖w‖² are nearly the same
        w = 1.9 * w / w.norm()
        u = u + (along - w @ u) * w / (w @ w)
        yours = keep_invertible(u.clone(), w.clone())
        expect(f"û, for wᵀu = {along:g},", yours, in_basis(u, w), vector_mistakes(u, w))
    passed(f"û moves along w only, and wᵀû = m(wᵀu) > −1, in {num_dimensions} dimensions")


def in_basis(u: Tensor, w: Tensor) -> Tensor:
    """û `[D]`, its coordinates changed in a basis that begins with w."""
    random = torch.eye(len(w), dtype=w.dtype)
    first = w.abs().argmax()
    others = random[[i for i in range(len(w)) if i != first]]
    basis = torch.linalg.qr(torch.cat([w[None], others]).T).Q  # [D, D], first column ± w / ‖w‖
    coordinates = basis.T @ u
    sign = torch.sign(basis[:, 0] @ w)
    coordinates[0] = sign * m(w @ u) / w.norm()
    return basis @ coordinates


def m(s: Tensor) -> Tensor:
    """−1 + log(1 + eˢ), above −1."""
    return torch.logaddexp(torch.zeros_like(s), s) - 1


def vector_mistakes(u: Tensor, w: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for û, `[D]`."""
    along, square = w @ u, w @ w
    move = m(along) - along
    return {
        "exp(wᵀu) overflows: softplus does not": u + torch.full_like(w, torch.inf) * w,
        "it is u, unchanged": u,
        "the step along w is divided by ‖w‖: its square belongs there": u + move * w / w.norm(),
        "the step along w is not divided by ‖w‖²": u + move * w,
        "m(wᵀu) is added to what u has along w already: take wᵀu off": (u + m(along) * w / square),
        "the part of u across w is lost": m(along) * w / square,
        "the −1 is missing in m": u + (move + 1) * w / square,
        "m is −1 + log(1 + exp(wᵀu)), without the logarithm here": (
            u + (along.exp() - along) * w / square
        ),
        "the step goes along u: it goes along w": u + move * u / square,
        "the step goes along u: w belongs there, and its ‖w‖²": u + move * u / (u @ u),
        "the step is taken the wrong way": u - move * w / square,
        "wᵀu is cut off at −1: m is smooth": u + (along.clamp(min=-1) - along) * w / square,
        "wᵀu is one number, w @ u: here w and u are multiplied entry by entry": (
            u + (m(w * u) - w * u) * w / square
        ),
        "w is divided by ‖w‖ first, so that wᵀu is no longer that of w": (
            u + (m(along / w.norm()) - along / w.norm()) * w / w.norm()
        ),
        "m has softplus(−wᵀu) in it: the sign is +": u + (m(-along) - along) * w / square,
        "this m is elu: it is −1 + softplus": (
            u + (torch.nn.functional.elu(along) - along) * w / square
        ),
        "‖w‖² is taken of u": u + move * w / (u @ u),
    }
