"""Affine coupling layers in a row, quicker than one by one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vilib.flows.conditioner import Conditioned, perceptron

__all__ = ["CouplingStack"]


class CouplingStack(Conditioned):
    """K coupling layers whose halves take turns; see `Coupling` for one.

    The same map as a `Chain` of `Coupling(dim, swap=False)`, `Coupling(dim, swap=True)`, and so on.
    But the halves are cut apart once and joined once, and all log-scales are added up at the end:

        log |det ∂y/∂x| = ∑ₖ ∑ᵢ sₖᵢ.

    Args:
        dim: D, at least 2.
        length: K.
        hidden: Units of each network's hidden layers.
        context: C, the length of a vector per datapoint that the networks also see; see `given`.
        bound: The largest |s|.

    Raises:
        ValueError: D < 2 or K < 1.

    Source: L. Dinh, J. Sohl-Dickstein and S. Bengio, 2017, Density Estimation Using Real NVP,
        https://arxiv.org/abs/1605.08803

    Example: the density of data under 8 layers.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib.flows import Flow
        >>> q = Flow(Normal(torch.zeros(2), 1.0), CouplingStack(dim=2, length=8))
        >>> q.log_prob(torch.randn(100, 2)).shape
        torch.Size([100])
    """

    def __init__(
        self,
        dim: int,
        length: int,
        hidden: Sequence[int] = (64, 64),
        context: int = 0,
        bound: float = 3.0,
    ) -> None:
        super().__init__(dim, bound, context)
        if dim < 2 or length < 1:
            raise ValueError(f"dim must be at least 2 and length at least 1, got {dim}, {length}")
        self.sizes = dim // 2, dim - dim // 2
        turns = [(k % 2, 1 - k % 2) for k in range(length)]
        self.networks = nn.ModuleList(
            perceptron(self.sizes[stay] + context, hidden, 2 * self.sizes[move])
            for stay, move in turns
        )

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and ∑ₖ ∑ᵢ sₖᵢ."""
        halves, log_scales = list(self.expand(x).split(self.sizes, -1)), []
        for k, network in enumerate(self.networks):
            stay, move = k % 2, 1 - k % 2
            output = network(self.beside_context(halves[stay]))
            halves[move], log_scale = self.scale(halves[move], output)
            log_scales.append(log_scale)
        return torch.cat(halves, -1), torch.cat(log_scales, -1).sum(-1)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −∑ₖ ∑ᵢ sₖᵢ."""
        halves, log_scales = list(self.expand(y).split(self.sizes, -1)), []
        for k, network in reversed(list(enumerate(self.networks))):
            stay, move = k % 2, 1 - k % 2
            output = network(self.beside_context(halves[stay]))
            halves[move], log_scale = self.unscale(halves[move], output)
            log_scales.append(log_scale)
        return torch.cat(halves, -1), torch.cat(log_scales, -1).sum(-1)
