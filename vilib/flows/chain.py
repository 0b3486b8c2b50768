"""Layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import torch
from torch import Tensor, nn

from vilib.flows.bijection import Bijection

__all__ = ["Chain"]


class Chain(Bijection):
    """f = fₙ ∘ … ∘ f₁, and log |det ∂y/∂x| is the sum of the layers'.

    Like torch's `ComposeTransform`, but an `nn.Module` that holds the layers' parameters, and each
    layer is run once for both the point and the determinant.

    Args:
        transforms: f₁, …, fₙ, at least one, all of the same D.

    Raises:
        TypeError: A layer is no `Bijection`; torch's own transforms go into a `ComposeTransform`.
        ValueError: No layers, or of different D.

    Example:
        >>> import torch
        >>> from vilib.flows import Planar, Radial
        >>> _ = torch.manual_seed(1)
        >>> chain = Chain([Planar.learnable(2), Radial.learnable(2)])
        >>> chain.inv(chain(torch.tensor([1.0, -1.0])))
        tensor([ 1.0000, -1.0000], grad_fn=...)
    """

    def __init__(self, transforms: Iterable[Bijection]) -> None:
        layers = list(transforms)
        for layer in layers:
            if not isinstance(layer, Bijection):
                raise TypeError(f"a chain is made of vilib.flows.Bijection, got {layer}")
        dims = sorted({layer.dim for layer in layers})
        if len(dims) != 1:
            raise ValueError(f"a chain needs layers of one D, got {dims}")
        batches = [layer.batch_shape for layer in layers]
        super().__init__(dims[0], torch.broadcast_shapes(*batches))
        self.transforms = nn.ModuleList(layers)

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and the sum of the layers' log-determinants."""
        ladjs = []
        for layer in self.transforms:
            x, ladj = layer.call_and_ladj(x)
            ladjs.append(ladj)
        return x, reduce(add, ladjs)

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x, by the layers' inverses from the last to the first, and its log-determinant."""
        ladjs = []
        for layer in reversed(self.transforms):
            y, ladj = layer.inverse_and_ladj(y)
            ladjs.append(ladj)
        return y, reduce(add, ladjs)

    def given(self, context: Tensor) -> Bijection:
        """The chain for these datapoints."""
        return Chain(layer.given(context) for layer in self.transforms)
