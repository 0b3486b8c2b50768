"""Affine coupling layers: one half stays and says what happens to the other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vilib.flows.conditioner import Conditioned, perceptron

__all__ = ["Coupling"]


class Coupling(Conditioned):
    """An affine coupling layer, quick in both directions.

    x is cut into two halves a and b, the network returns t(a) and s(a), and

        y = (a, b e^{s(a)} + t(a)), log |det ∂y/∂x| = ∑ᵢ sᵢ(a).

    The inverse is x = (a, (b − t(a)) e^{−s(a)}). The next layer should let the halves change
    places, by `swap`.

    Args:
        dim: D, at least 2.
        hidden: Units of the network's hidden layers.
        swap: Whether the second half stays and the first one moves.
        context: C, the length of a vector per datapoint that the network also sees; see `given`.
        bound: The largest |s|.

    Raises:
        ValueError: D < 2.

    Source: L. Dinh, J. Sohl-Dickstein and S. Bengio, 2017, Density Estimation Using Real NVP,
        https://arxiv.org/abs/1605.08803

    Example: the first coordinate stays as it is.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> y = Coupling(dim=2)(torch.tensor([0.5, 0.5]))
        >>> bool(y[0] == 0.5), bool(y[1] == 0.5)
        (True, False)
    """

    def __init__(
        self,
        dim: int,
        hidden: Sequence[int] = (64, 64),
        swap: bool = False,
        context: int = 0,
        bound: float = 3.0,
    ) -> None:
        super().__init__(dim, bound, context)
        if dim < 2:
            raise ValueError(f"one half cannot stay and another one move with D = {dim}")
        self.sizes, self.swap = (dim // 2, dim - dim // 2), swap
        stay, move = reversed(self.sizes) if swap else self.sizes
        self.network = perceptron(stay + context, hidden, 2 * move)

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and ∑ᵢ sᵢ(a)."""
        stay, move = self.halves(x)
        moved, log_scale = self.scale(move, self.network(self.beside_context(stay)))
        return self.joined(stay, moved), log_scale.sum(-1)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −∑ᵢ sᵢ(a)."""
        stay, moved = self.halves(y)
        move, log_scale = self.unscale(moved, self.network(self.beside_context(stay)))
        return self.joined(stay, move), log_scale.sum(-1)

    def halves(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The half that stays, and the half that moves."""
        first, second = self.expand(x).split(self.sizes, -1)
        return (second, first) if self.swap else (first, second)

    def joined(self, stay: Tensor, move: Tensor) -> Tensor:
        """The halves, back in their places."""
        return torch.cat((move, stay) if self.swap else (stay, move), -1)
