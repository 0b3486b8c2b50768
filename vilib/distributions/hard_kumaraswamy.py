"""The hard Kumaraswamy distribution: a Kumaraswamy variable, stretched and clipped."""

from __future__ import annotations

from typing import ClassVar

from torch import Size, Tensor

from vilib.distributions.kumaraswamy import Kumaraswamy
from vilib.distributions.stretched import Stretched

__all__ = ["HardKumaraswamy"]


class HardKumaraswamy(Stretched):
    """HardKuma: selects a word, drops it, or keeps a part of it, with a gradient.

    z = min(1, max(0, l + (r - l) x)), x ~ Kumaraswamy(a, b), l < 0 < 1 < r;
    P(z = 0) = 1 - (1 - x₀ᵃ)ᵇ, x₀ = -l / (r - l),  P(z = 1) = (1 - x₁ᵃ)ᵇ, x₁ = (1 - l) / (r - l).

    Measure: log mass at 0 and 1, log density on (0, 1).

    Args:
        concentration1: a > 0, any shape.
        concentration0: b > 0, a shape that broadcasts with it.
        low: l < 0.
        high: r > 1.
        validate_args: As in torch.

    Raises:
        ValueError: Not l < 0 < 1 < r.

    Source: J. Bastings, W. Aziz and I. Titov, 2019, Interpretable Neural Predictions with
        Differentiable Binary Variables, https://arxiv.org/abs/1905.08160

    Example:
        >>> import torch
        >>> q = HardKumaraswamy(torch.tensor(0.5), torch.tensor(0.5))
        >>> q.prob_zero, q.prob_one
        (tensor(0.1566), tensor(0.2064))
    """

    arg_constraints: ClassVar = Kumaraswamy.arg_constraints

    def __init__(
        self,
        concentration1: Tensor | float,
        concentration0: Tensor | float,
        low: float = -0.1,
        high: float = 1.1,
        validate_args: bool | None = None,
    ) -> None:
        base = Kumaraswamy(concentration1, concentration0, validate_args=validate_args)
        super().__init__(base, low, high, validate_args=validate_args)

    def expand(
        self, batch_shape: Size, _instance: HardKumaraswamy | None = None
    ) -> HardKumaraswamy:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(HardKumaraswamy, _instance)
        return super().expand(batch_shape, _instance=new)

    @property
    def concentration1(self) -> Tensor:
        """a, `[*batch]`."""
        return self.base.concentration1

    @property
    def concentration0(self) -> Tensor:
        """b, `[*batch]`."""
        return self.base.concentration0
