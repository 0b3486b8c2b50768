"""A network whose i-th outputs depend on the inputs before i only (MADE)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["MaskedLinear", "MaskedNetwork"]


class MaskedLinear(nn.Linear):
    """A linear layer without some of its connections, y = (mask ⊙ W) x + b.

    Args:
        mask: True where an output sees an input, `[outputs, inputs]`.

    Example: the second output sees the first input only.
        >>> import torch
        >>> layer = MaskedLinear(torch.tensor([[False, False], [True, False]]))
        >>> torch.autograd.functional.jacobian(layer, torch.zeros(2)) != 0
        tensor([[False, False],
                [ True, False]])
    """

    def __init__(self, mask: Tensor) -> None:
        super().__init__(mask.shape[1], mask.shape[0])
        self.register_buffer("mask", mask.to(self.weight.dtype))

    def forward(self, x: Tensor) -> Tensor:
        """y `[..., outputs]` of x `[..., inputs]`."""
        return F.linear(x, self.weight * self.mask, self.bias)


class MaskedNetwork(nn.Sequential):
    """A perceptron with an autoregressive structure: output i is a function of x₁, …, xᵢ₋₁.

    Each unit has a degree. Input i has degree i. Hidden units have degrees 1, …, D − 1 in turn; one
    of degree d may see degrees up to d, its own included. An output for coordinate i may see
    degrees below i, its own excluded. On any way through the network degrees never fall, and rise
    at the end, so xᵢ never reaches an output for a coordinate up to i.

    A context has degree 0, and so have some hidden units then: all outputs see it.

    Args:
        dim: D.
        hidden: Units of the hidden layers.
        outputs: How many outputs each coordinate has.
        context: Length of the context.
        reverse: Whether "before" means after: output i is then a function of xᵢ₊₁, …, x_D.

    Source: M. Germain, K. Gregor, I. Murray and H. Larochelle, 2015, MADE: Masked Autoencoder for
        Distribution Estimation, https://arxiv.org/abs/1502.03509

    Example: one output per coordinate, the Jacobian lies below the diagonal.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> network = MaskedNetwork(dim=3, hidden=[64], outputs=1)
        >>> torch.autograd.functional.jacobian(network, torch.zeros(3)) != 0
        tensor([[False, False, False],
                [ True, False, False],
                [ True,  True, False]])
    """

    def __init__(
        self,
        dim: int,
        hidden: Sequence[int] = (64, 64),
        outputs: int = 2,
        context: int = 0,
        reverse: bool = False,
    ) -> None:
        inputs = torch.arange(dim) + 1
        inputs = inputs.flip(0) if reverse else inputs
        before = torch.cat([inputs, torch.zeros(context, dtype=torch.long)])
        lowest = 0 if context or dim == 1 else 1
        layers: list[nn.Module] = []
        for units in hidden:
            after = lowest + torch.arange(units) % (dim - lowest)
            layers += [MaskedLinear(after[:, None] >= before), nn.ReLU()]
            before = after
        super().__init__(*layers, MaskedLinear(inputs.repeat(outputs)[:, None] > before))
