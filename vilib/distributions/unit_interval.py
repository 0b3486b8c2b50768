"""Numbers close to 0 and to 1, kept apart from 0 and 1, and integrals between these."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

__all__ = ["into_open_unit", "log1mexp", "unit_rule"]


def log1mexp(x: Tensor) -> Tensor:
    """log(1 - eˣ) for x < 0, with full relative precision at both ends.

    Args:
        x: Any shape, negative.

    Returns:
        The same shape; gradients are finite wherever x < 0 is a normal number.

    Source: M. Mächler, 2012, Accurately Computing log(1 - exp(-|a|)),
        https://cran.r-project.org/web/packages/Rmpfr/vignettes/log1mexp-note.pdf

    Example:
        >>> log1mexp(torch.tensor([-1e-30, -30.0]))
        tensor([-6.9078e+01, -9.3576e-14])
    """
    close = x > -math.log(2)
    # each branch sees only numbers that it can bear: a masked inf would still spoil the gradient
    near = torch.where(close, x, -1.0)
    far = torch.where(close, -1.0, x)
    return torch.where(close, (-torch.expm1(near)).log(), torch.log1p(-far.exp()))


def into_open_unit(x: Tensor) -> Tensor:
    """x in [0, 1] moved away from 0 and 1, if it is closer to them than its dtype can bear.

    1 becomes 1 - ε/2, the last number before it. 0 becomes about 1e-31 in float32 and 1e-292 in
    float64: below, 1/x would leave no room for gradients. Only the value moves: the gradient is
    that of x, as if nothing had been rounded.

    Args:
        x: Any shape, in [0, 1].

    Returns:
        The same shape, inside (0, 1).

    Example: in float32, σ(20) rounds to 1.
        >>> a = torch.tensor(20.0, requires_grad=True)
        >>> x = into_open_unit(a.sigmoid())
        >>> x.backward()
        >>> print(f"{1 - x.item():.3g}")
        5.96e-08
    """
    info = torch.finfo(x.dtype)
    moved = x.detach().clamp(info.tiny / info.eps, 1 - info.eps / 2)
    # x - x is exactly 0: the value is the moved one, the gradient that of x
    return moved + (x - x.detach())


def unit_rule(num: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Gauss-Legendre nodes in (0, 1) and their weights, in the dtype and on the device of `like`.

    Args:
        num: How many nodes.
        like: Any tensor.

    Returns:
        Nodes and weights, `[num]` each.

    Example: ∫₀¹ u³ du with two nodes.
        >>> u, weight = unit_rule(2, torch.zeros(1))
        >>> (weight * u**3).sum()
        tensor(0.2500)
    """
    u, weight = (torch.as_tensor(x, dtype=like.dtype, device=like.device) for x in legendre(num))
    return (u + 1) / 2, weight / 2


@lru_cache(maxsize=8)
def legendre(num: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes in (-1, 1) and weights, float64; they take longer to find than to use."""
    return np.polynomial.legendre.leggauss(num)
