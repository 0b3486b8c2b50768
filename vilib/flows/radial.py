"""Radial layers: blow up or shrink around a point."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from vilib.flows.parametrised import MIN_SLOPE, Parametrised

__all__ = ["Radial"]


class Radial(Parametrised):
    """A radial layer, y = x + β h (x − c) with h = 1 / (α + r) and r = ‖x − c‖.

    Distances to the centre change from r to r (1 + β h), directions do not. With σ = α + β,

        1 + β h = (r + σ) / (r + α),
        log |det ∂y/∂x| = (D − 1) log(1 + β h) + log(1 + α β h²),

    one factor for each direction across the radius, one along it. Both are positive for all r if
    and only if α > 0 and σ > 0, so two free numbers go through a softplus. For the sake of
    float32, α ≥ 10⁻³ and σ ≥ 10⁻³ α.

    The inverse has a closed form: r is the positive root of r² + (σ − s) r − α s = 0, where s is
    the distance of y.

    Args:
        centre: c, `[*batch, D]`.
        width: α before the softplus, `[*batch]`.
        strength: σ before the softplus, `[*batch]`.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        section 4.1 and appendix A.2, https://arxiv.org/abs/1505.05770

    Example: at its centre a layer with β = 1, α = 1 doubles all distances, in three dimensions.
        >>> import torch
        >>> width, strength = (torch.tensor(v).expm1().log() for v in (1.0, 2.0))
        >>> f = Radial(torch.zeros(3), width, strength)
        >>> f.call_and_ladj(torch.zeros(3))[1].exp()
        tensor(8.0000)
    """

    def __init__(self, centre: Tensor, width: Tensor, strength: Tensor) -> None:
        super().__init__(centre.shape[-1], width.shape)
        self.centre, self.width, self.strength = centre, width, strength

    @classmethod
    def shapes(cls, dim: int) -> dict[str, tuple[int, ...]]:
        """The centre has D entries, the others are numbers."""
        return {"centre": (dim,), "width": (), "strength": ()}

    @classmethod
    def initial(cls, dim: int) -> dict[str, Tensor]:
        """A random centre, α = 1 and β about 0."""
        one = torch.tensor(math.log(math.e - 1))
        return {"centre": torch.randn(dim), "width": one, "strength": one + 0.1 * torch.randn(())}

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and its log-determinant."""
        α, σ = self.constrained()
        away = x - self.centre
        r = away.norm(dim=-1)
        stretch = (r + σ) / (r + α)
        return self.centre + away * stretch.unsqueeze(-1), self.log_det(r, α, σ)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and its log-determinant."""
        α, σ = self.constrained()
        away = y - self.centre
        r = positive_root(away.norm(dim=-1), α, σ)
        shrink = (r + α) / (r + σ)
        return self.centre + away * shrink.unsqueeze(-1), -self.log_det(r, α, σ)

    def log_det(self, r: Tensor, α: Tensor, σ: Tensor) -> Tensor:
        """The log-determinant at distance r; 1 + α β h² = (r² + 2 α r + α σ) / (r + α)²."""
        across = ((r + σ) / (r + α)).log()
        along = (r * (r + 2 * α) + α * σ).log() - 2 * (r + α).log()
        return (self.dim - 1) * across + along

    def constrained(self) -> tuple[Tensor, Tensor]:
        """α and σ, `[*batch]` each."""
        α = F.softplus(self.width).clamp(min=MIN_SLOPE)
        return α, torch.maximum(F.softplus(self.strength), MIN_SLOPE * α)


def positive_root(s: Tensor, α: Tensor, σ: Tensor) -> Tensor:
    """The positive root of r² + (σ − s) r − α s = 0.

    The product of the two roots is −α s: the one that would suffer from cancellation comes from
    the other one.
    """
    sum_of_roots = s - σ
    larger = (sum_of_roots.abs() + (sum_of_roots**2 + 4 * α * s).sqrt()) / 2
    return torch.where(sum_of_roots > 0, larger, α * s / larger)
