"""What coupling and autoregressive layers share: a network that says how to shift and scale."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from vilib.flows.bijection import Bijection

__all__ = ["Conditioned", "perceptron"]


class Conditioned(Bijection):
    """A layer whose shift t and log-scale s come from a network; y = x eˢ + t where it moves x.

    s = c tanh(·) cannot leave [−c, c]: without a bound one step of training in the wrong direction
    can make eˢ infinite.

    Args:
        dim: D.
        bound: c, the largest |s|, in nats.
        context: C, the length of a vector per datapoint that the network also sees; see `given`.

    Raises:
        ValueError: `bound` is not positive; later, a context is missing or has another length.

    Source: L. Dinh, J. Sohl-Dickstein and S. Bengio, 2017, Density Estimation Using Real NVP,
        https://arxiv.org/abs/1605.08803
    """

    def __init__(self, dim: int, bound: float, context: int = 0) -> None:
        super().__init__(dim)
        if not bound > 0:
            raise ValueError(f"bound must be positive, got {bound}")
        self.bound, self.context_size = bound, context
        self.context: Tensor | None = None

    def given(self, context: Tensor) -> Bijection:
        """The layer for these datapoints: the same network, which also sees `context` `[*B, C]`."""
        if not self.context_size:
            return self
        if context.shape[-1] != self.context_size:
            have, want = context.shape[-1], self.context_size
            raise ValueError(f"the network was made for a context of length {want}, got {have}")
        layer = copy.copy(self)
        # not by assignment: the copy shares its table of parameters with the layer
        vars(layer).update(context=context, batch_shape=context.shape[:-1])
        return layer

    def expand(self, x: Tensor) -> Tensor:
        """x `[..., D]`, once for each datapoint that there is a context of."""
        return x if self.context is None else x.expand(self.forward_shape(x.shape))

    def beside_context(self, x: Tensor) -> Tensor:
        """What the network sees: x `[..., D']`, followed by the context if there is one."""
        if not self.context_size:
            return x
        if self.context is None:
            raise ValueError("the network sees a context: use layer.given(context)")
        return torch.cat([x, self.context.expand(*x.shape[:-1], -1)], -1)

    def scale(self, x: Tensor, output: Tensor) -> tuple[Tensor, Tensor]:
        """x eˢ + t and s, `[..., D']` each, of what the network returned, `[..., 2 D']`."""
        shift, raw = output.chunk(2, -1)
        log_scale = raw.tanh() * self.bound
        return torch.addcmul(shift, x, log_scale.exp()), log_scale

    def unscale(self, y: Tensor, output: Tensor) -> tuple[Tensor, Tensor]:
        """(y − t) e⁻ˢ and −s, `[..., D']` each, of what the network returned, `[..., 2 D']`."""
        shift, raw = output.chunk(2, -1)
        log_scale = raw.tanh() * -self.bound
        return (y - shift) * log_scale.exp(), log_scale


def perceptron(inputs: int, hidden: Sequence[int], outputs: int) -> nn.Sequential:
    """A multi-layer perceptron with rectified units.

    Example:
        >>> [type(layer).__name__ for layer in perceptron(1, [64, 64], 2)]
        ['Linear', 'ReLU', 'Linear', 'ReLU', 'Linear']
    """
    sizes = [inputs, *hidden, outputs]
    layers = [nn.Linear(*pair) for pair in pairwise(sizes)]
    return nn.Sequential(*[part for layer in layers for part in (layer, nn.ReLU())][:-1])
