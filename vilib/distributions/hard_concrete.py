"""The hard Concrete distribution: a binary Concrete variable, stretched and clipped."""

from __future__ import annotations

from typing import ClassVar

from torch import Size, Tensor

from vilib.distributions.binary_concrete import BinaryConcrete
from vilib.distributions.stretched import Stretched

__all__ = ["HardConcrete"]


class HardConcrete(Stretched):
    """A gate that is exactly 0, exactly 1, or in between, with a gradient in its parameters.

    z = min(1, max(0, l + (r - l) σ((α + logit u) / τ))), u uniform, l < 0 < 1 < r;
    P(z = 0) = σ(τ log(-l / r) - α),  P(z = 1) = σ(α - τ log((1 - l) / (r - 1))).

    Measure: log mass at 0 and 1, log density on (0, 1).

    Args:
        temperature: τ > 0, any shape; Louizos, Welling and Kingma use 2/3.
        probs: σ(α), in (0, 1), a shape that broadcasts with it.
        logits: α, instead of `probs`.
        low: l < 0.
        high: r > 1.
        validate_args: As in torch.

    Raises:
        ValueError: Not l < 0 < 1 < r; both or neither of `probs` and `logits`.

    Source: C. Louizos, M. Welling and D. P. Kingma, 2018, Learning Sparse Neural Networks through
        L0 Regularization, https://arxiv.org/abs/1712.01312

    Example: the expected L0 norm of three gates.
        >>> import torch
        >>> q = HardConcrete(2 / 3, logits=torch.tensor([-3.0, 0.0, 3.0]))
        >>> q.prob_nonzero
        tensor([0.1976, 0.8318, 0.9900])
        >>> q.mean
        tensor([0.0604, 0.5000, 0.9396])
    """

    arg_constraints: ClassVar = BinaryConcrete.arg_constraints

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        low: float = -0.1,
        high: float = 1.1,
        validate_args: bool | None = None,
    ) -> None:
        base = BinaryConcrete(temperature, probs, logits, validate_args=validate_args)
        super().__init__(base, low, high, validate_args=validate_args)

    def expand(self, batch_shape: Size, _instance: HardConcrete | None = None) -> HardConcrete:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(HardConcrete, _instance)
        return super().expand(batch_shape, _instance=new)

    @property
    def temperature(self) -> Tensor:
        """τ, `[*batch]`."""
        return self.base.temperature

    @property
    def logits(self) -> Tensor:
        """α, `[*batch]`."""
        return self.base.logits

    @property
    def probs(self) -> Tensor:
        """σ(α), `[*batch]`."""
        return self.base.probs
