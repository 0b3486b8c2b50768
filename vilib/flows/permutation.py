"""Layers that let coordinates change places."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vilib.flows.bijection import Bijection

__all__ = ["Permutation", "Reverse"]


class Permutation(Bijection):
    """A fixed permutation, yᵢ = x at position `order[i]`; volumes stay as they are.

    Args:
        order: 0, …, D − 1 in any order, such as `torch.randperm(D)`.

    Raises:
        ValueError: It is not a permutation.

    Example:
        >>> import torch
        >>> f = Permutation([2, 0, 1])
        >>> f(torch.tensor([10.0, 20.0, 30.0])), f.inv(f(torch.tensor([10.0, 20.0, 30.0])))
        (tensor([30., 10., 20.]), tensor([10., 20., 30.]))
    """

    def __init__(self, order: Sequence[int] | Tensor) -> None:
        order = torch.as_tensor(order)
        super().__init__(order.numel())
        if order.sort().values.tolist() != list(range(self.dim)):
            raise ValueError(f"order must hold 0, …, D − 1 once each, got {order.tolist()}")
        self.register_buffer("order", order)
        self.register_buffer("places", order.argsort())

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and zeros."""
        return x.index_select(-1, self.order), x.new_zeros(x.shape[:-1])

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and zeros."""
        return y.index_select(-1, self.places), y.new_zeros(y.shape[:-1])


class Reverse(Bijection):
    """The last coordinate first: what the next autoregressive layer needs to be of use.

    Args:
        dim: D.

    Example:
        >>> import torch
        >>> Reverse(3)(torch.tensor([10.0, 20.0, 30.0]))
        tensor([30., 20., 10.])
    """

    def call_and_ladj(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and zeros."""
        return x.flip(-1), x.new_zeros(x.shape[:-1])

    def inverse_and_ladj(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """x and zeros."""
        return self.call_and_ladj(y)
