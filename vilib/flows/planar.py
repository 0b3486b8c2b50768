"""Planar layers: push along one direction, by an amount that varies along another."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from vilib.flows.parametrised import MIN_SLOPE, Parametrised
from vilib.flows.tanh_root import derivative, tanh_root

__all__ = ["Planar"]


class Planar(Parametrised):
    """A planar layer, y = x + û tanh(wᵀx + b).

    The determinant is that of a matrix 1 + û vᵀ,

        log |det ∂y/∂x| = log(1 + wᵀû h′), h′ = 1 − tanh²(wᵀx + b).

    h′ lies between 0 and 1, so y is invertible if and only if wᵀû ≥ −1. Any u will do, for only
    its part along w is moved there:

        û = u + (m(wᵀu) − wᵀu) w / ‖w‖², m(s) = −1 + log(1 + eˢ), hence wᵀû = m(wᵀu) > −1.

    For the sake of float32, 1 + m(s) is never below 10⁻³ (which changes m below s = −6.9). Where
    w = 0 the layer is a translation by u tanh b; near there û is large, 0.3 / ‖w‖, so start with
    ‖w‖ about 1.

    The inverse: with p = wᵀx + b, p + wᵀû tanh p = wᵀy + b is one equation for one number, and
    x = y − û tanh p.

    Args:
        u: Where to, `[*batch, D]`.
        w: The normal of the plane, `[*batch, D]`.
        b: Its offset, `[*batch]`.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        section 4.1 and appendix A.1, https://arxiv.org/abs/1505.05770

    Example: one layer per datapoint, S = 5, B = 3, D = 2.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> f = Planar(u=torch.randn(3, 2), w=torch.randn(3, 2), b=torch.randn(3))
        >>> y, ladj = f.call_and_ladj(torch.randn(5, 3, 2))
        >>> y.shape, ladj.shape
        (torch.Size([5, 3, 2]), torch.Size([5, 3]))
    """

    def __init__(self, u: Tensor, w: Tensor, b: Tensor) -> None:
        super().__init__(u.shape[-1], b.shape)
        self.u, self.w, self.b = u, w, b

    @classmethod
    def shapes(cls, dim: int) -> dict[str, tuple[int, ...]]:
        """u and w have D entries, b is a number."""
        return {"u": (dim,), "w": (dim,), "b": ()}

    @classmethod
    def initial(cls, dim: int) -> dict[str, Tensor]:
        """A random plane, and u with wᵀû about 0."""
        w = torch.randn(dim)
        # m(log(e − 1)) = 0
        u = math.log(math.e - 1) * w / (w @ w) + 0.1 * torch.randn(dim)
        return {"u": u, "w": w, "b": torch.zeros(())}

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and log(1 + wᵀû h′)."""
        u, slope = constrained(self.u, self.w)
        t = ((x * self.w).sum(-1) + self.b).tanh()
        return x + u * t.unsqueeze(-1), derivative(slope, t).log()

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −log(1 + wᵀû h′)."""
        u, slope = constrained(self.u, self.w)
        t = tanh_root(slope, (y * self.w).sum(-1) + self.b).tanh()
        return y - u * t.unsqueeze(-1), -derivative(slope, t).log()


def constrained(u: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """û `[..., D]` and 1 + wᵀû `[...]`."""
    along, square = (w * u).sum(-1), (w * w).sum(-1)
    # below that its inverse, or the gradient of it, would be infinite: w counts as 0
    some = square > torch.finfo(w.dtype).tiny ** 0.5
    slope = F.softplus(along).clamp(min=MIN_SLOPE).where(some, 1)
    move = (slope - 1 - along) / square.where(some, 1)
    return u + move.unsqueeze(-1) * w, slope
