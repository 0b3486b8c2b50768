"""Wrong layers: faults of published code, and easy mistakes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vilib.flows import Bijection, Coupling, MaskedLinear, MaskedNetwork, Planar, Sylvester
from vilib.flows.sylvester import times


class FoldingPlanar(Planar):
    """A planar layer with the log-determinant that its own û has, whatever that is."""

    def moved(self) -> Tensor:
        raise NotImplementedError

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        u = self.moved()
        t = (x @ self.w + self.b).tanh()
        return x + u * t.unsqueeze(-1), (1 + self.w @ u * (1 - t**2)).abs().log()


class NormNotSquared(FoldingPlanar):
    """‖w‖ where ‖w‖² belongs (several peers)."""

    def moved(self) -> Tensor:
        s = self.w @ self.u
        return self.u + (nn.functional.softplus(s) - 1 - s) * self.w / self.w.norm()


class NoConstraint(FoldingPlanar):
    """u as it is (pythae)."""

    def moved(self) -> Tensor:
        return self.u


class WrongSign(Planar):
    """−log |det| of the layer."""

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y, ladj = super().call_and_ladj(x)
        return y, -ladj


class InverseForForward(Planar):
    """log |det ∂y/∂x| handed out for log |det ∂x/∂y|."""

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        x, ladj = super().inverse_and_ladj(y)
        return x, -ladj


class AtTheWrongPoint(Planar):
    """log |det| taken at y in place of x."""

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y, _ = super().call_and_ladj(x)
        return y, super().call_and_ladj(y)[1]


class OuterDiagonalOnly(Sylvester):
    """log(1 + h′ R) in place of log(1 + h′ R R̃)."""

    def log_det(self, R: Tensor, R_inner: Tensor, t: Tensor) -> Tensor:
        return super().log_det(R, torch.eye(R.shape[-1]), t)


class TransposedInside(Sylvester):
    """x (R̃ Qᵀ) as a row vector in place of R̃ Qᵀ x (pyro)."""

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        Q, R, R_inner = self.matrices()
        t = (x @ (R_inner @ Q.mT) + self.b).tanh()
        return x + t @ (Q @ R), self.log_det(R, R_inner, t)


class NotOrthogonal(Sylvester):
    """Reflections without their norm, 1 − 2 v vᵀ."""

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, R, R_inner = self.matrices()
        v = self.reflections[0]
        Q = torch.eye(self.dim) - 2 * torch.outer(v, v)
        t = (times(R_inner @ Q.mT, x) + self.b).tanh()
        return x + times(Q @ R, t), self.log_det(R, R_inner, t)


class HalfTheScales(Coupling):
    """The log-determinant of one coordinate, not of all that move."""

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y, ladj = super().call_and_ladj(x)
        return y, ladj / self.sizes[1]


def masked(dim: int, first: str, last: str) -> MaskedNetwork:
    """A masked network with one of its two comparisons replaced."""
    network = MaskedNetwork(dim, [64, 64], outputs=1)
    inputs, degrees = torch.arange(dim) + 1, torch.arange(64) % (dim - 1) + 1
    compare = {"≥": torch.ge, ">": torch.gt}
    masks = [
        compare[first](degrees[:, None], inputs),
        compare[first](degrees[:, None], degrees),
        compare[last](inputs[:, None], degrees),
    ]
    linears = [layer for layer in network if isinstance(layer, MaskedLinear)]
    for layer, mask in zip(linears, masks):
        layer.mask.copy_(mask)
    return network


PLANAR_MUTANTS: list[type[Bijection]] = [WrongSign, InverseForForward, AtTheWrongPoint]
SYLVESTER_MUTANTS: list[type[Bijection]] = [OuterDiagonalOnly, TransposedInside, NotOrthogonal]
