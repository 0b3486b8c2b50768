"""Affine autoregressive layers: quick for densities, or quick for samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from vilib.flows.conditioner import Conditioned
from vilib.flows.masked_network import MaskedNetwork

__all__ = ["Autoregressive", "InverseAutoregressive", "MaskedAutoregressive"]


class Autoregressive(Conditioned):
    """A masked network that returns tᵢ and sᵢ from the coordinates before i.

    What is moved, and what the network sees, is the choice of the two layers below.

    Args:
        dim: D.
        hidden: Units of the network's hidden layers.
        reverse: Whether coordinates are taken from the last to the first.
        context: C, the length of a vector per datapoint that the network also sees; see `given`.
        bound: The largest |s|.
    """

    def __init__(
        self,
        dim: int,
        hidden: Sequence[int] = (64, 64),
        reverse: bool = False,
        context: int = 0,
        bound: float = 3.0,
    ) -> None:
        super().__init__(dim, bound, context)
        self.network = MaskedNetwork(dim, hidden, 2, context, reverse)
        order = torch.arange(dim)
        self.register_buffer("order", order.flip(0) if reverse else order)

    def up(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """x eˢ + t and ∑ᵢ sᵢ, with s and t of what the network sees."""
        y, log_scale = self.scale(x, self.network(self.beside_context(seen)))
        return y, log_scale.sum(-1)

    def down(self, y: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """(y − t) e⁻ˢ and −∑ᵢ sᵢ, with s and t of what the network sees."""
        x, log_scale = self.unscale(y, self.network(self.beside_context(seen)))
        return x, log_scale.sum(-1)

    def one_by_one(
        self, move: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]], given: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The result that sees itself, result = move(given, result), in D runs of the network.

        Run i gets coordinate i right, as it depends on those before it only; the last run sees all
        that it needs and gets everything right, the log-determinant included.
        """
        result = given
        for i in range(self.dim):
            # numbers that are not right yet may be huge, and huge times a masked weight NaN
            result, ladj = move(given, result.where(self.order < i, 0))
        return result, ladj


class InverseAutoregressive(Autoregressive):
    """IAF: samples in one run of the network, densities of given points in D.

        yᵢ = xᵢ e^{sᵢ(x₁, …, xᵢ₋₁)} + tᵢ(x₁, …, xᵢ₋₁), log |det ∂y/∂x| = ∑ᵢ sᵢ.

    The network sees the noise x, all of which is there. So this is the layer for a posterior, which
    draws and needs the density of what it has drawn. The Jacobian is triangular with eˢ on its
    diagonal. Let the layers of a chain take turns with `reverse`, or permute between them.

    Args:
        dim: D.
        hidden: Units of the network's hidden layers.
        reverse: Whether coordinates are taken from the last to the first.
        context: C, the length of a vector per datapoint that the network also sees; see `given`.
        bound: The largest |s|.

    Source: D. P. Kingma, T. Salimans, R. Jozefowicz, X. Chen, I. Sutskever and M. Welling, 2016,
        Improving Variational Inference with Inverse Autoregressive Flow,
        https://arxiv.org/abs/1606.04934

    Example: a context per datapoint, B = 4, and S = 10 samples of each.
        >>> import torch
        >>> f = InverseAutoregressive(dim=3, context=7).given(torch.randn(4, 7))
        >>> y, ladj = f.call_and_ladj(torch.randn(10, 4, 3))
        >>> y.shape, ladj.shape
        (torch.Size([10, 4, 3]), torch.Size([10, 4]))
    """

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and ∑ᵢ sᵢ(x), in one run."""
        return self.up(x := self.expand(x), seen=x)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −∑ᵢ sᵢ(x), in D runs."""
        return self.one_by_one(self.down, self.expand(y))


class MaskedAutoregressive(Autoregressive):
    """MAF: densities of given points in one run of the network, samples in D.

        yᵢ = xᵢ e^{sᵢ(y₁, …, yᵢ₋₁)} + tᵢ(y₁, …, yᵢ₋₁), log |det ∂y/∂x| = ∑ᵢ sᵢ.

    The network sees the result y, which is there when y are data. So this is the layer for density
    estimation. Apart from the way that it is written down, it is the inverse of
    `InverseAutoregressive`. Let the layers of a chain take turns with `reverse`, or permute between
    them.

    Args:
        dim: D.
        hidden: Units of the network's hidden layers.
        reverse: Whether coordinates are taken from the last to the first.
        context: C, the length of a vector per datapoint that the network also sees; see `given`.
        bound: The largest |s|.

    Source: G. Papamakarios, T. Pavlakou and I. Murray, 2017, Masked Autoregressive Flow for Density
        Estimation, https://arxiv.org/abs/1705.07057

    Example: the density of data under five layers.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib.flows import Flow
        >>> layers = [MaskedAutoregressive(2, reverse=bool(k % 2)) for k in range(5)]
        >>> Flow(Normal(torch.zeros(2), 1.0), layers).log_prob(torch.randn(100, 2)).shape
        torch.Size([100])
    """

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and ∑ᵢ sᵢ(y), in D runs."""
        return self.one_by_one(self.up, self.expand(x))

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and −∑ᵢ sᵢ(y), in one run."""
        return self.down(y := self.expand(y), seen=y)
