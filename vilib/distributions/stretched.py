"""Stretch a variable on (0, 1) beyond both ends and clip it: exact zeros and ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints

from vilib.distributions.unit_interval import unit_rule

__all__ = ["Stretched"]

NODES = 200  # of the Gauss-Legendre rule behind mean and variance


class Stretched(Distribution):
    """z = min(1, max(0, l + (r - l) x)) with x in (0, 1) and l < 0 < 1 < r.

    P(z = 0) = F(-l / (r - l)),  P(z = 1) = 1 - F((1 - l) / (r - l)), and in between
    q(z) = q_x((z - l) / (r - l)) / (r - l); F and q_x are the cdf and the density of x.

    Measure: log mass at 0 and 1, log density on (0, 1).

    The gradient of a sample is 0 where it was clipped. That is not a gap: z is continuous in x, so
    E[f(z)] is still differentiated without bias.

    Args:
        base: Distribution of x with `log_cdf` and `log_survival`, such as `Kumaraswamy` or
            `BinaryConcrete`; batch shape `[*batch]`.
        low: l < 0.
        high: r > 1.
        validate_args: As in torch.

    Raises:
        ValueError: Not l < 0 < 1 < r, or a base without `log_cdf` and `log_survival`.

    Source: C. Louizos, M. Welling and D. P. Kingma, 2018, Learning Sparse Neural Networks through
        L0 Regularization, https://arxiv.org/abs/1712.01312

    Example: a uniform x on (-1, 2) leaves a third of the mass at each end.
        >>> from vilib.distributions import Kumaraswamy
        >>> q = Stretched(Kumaraswamy(1.0, 1.0), low=-1.0, high=2.0)
        >>> q.log_prob(torch.tensor([0.0, 0.5, 1.0])).exp()
        tensor([0.3333, 0.3333, 0.3333])
        >>> q.mean, q.variance
        (tensor(0.5000), tensor(0.1944))
    """

    arg_constraints: ClassVar = {}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(
        self,
        base: Distribution,
        low: float = -0.1,
        high: float = 1.1,
        validate_args: bool | None = None,
    ) -> None:
        if not (hasattr(base, "log_cdf") and hasattr(base, "log_survival")):
            raise ValueError(f"the base needs log_cdf and log_survival, got {base}")
        if not low < 0 < 1 < high:
            raise ValueError(f"low and high must satisfy low < 0 < 1 < high, got {low} and {high}")
        self.base, self.low, self.high = base, low, high
        super().__init__(base.batch_shape, validate_args=validate_args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base}, low: {self.low}, high: {self.high})"

    def expand(self, batch_shape: Size, _instance: Stretched | None = None) -> Stretched:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(Stretched, _instance)
        new.base, new.low, new.high = self.base.expand(batch_shape), self.low, self.high
        super(Stretched, new).__init__(Size(batch_shape), validate_args=False)
        new._validate_args = self._validate_args
        return new

    def unstretch(self, value: Tensor) -> Tensor:
        """x = (z - l) / (r - l), of value's shape."""
        return (value - self.low) / (self.high - self.low)

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z in [0, 1], `[*sample_shape, *batch]`; exactly 0 and 1 with their probabilities."""
        x = self.base.rsample(Size(sample_shape))
        return (self.low + (self.high - self.low) * x).clamp(0, 1)

    def log_prob(self, value: Tensor) -> Tensor:
        """Log mass at 0 and 1, log density in between, in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        inside = (value > 0) & (value < 1)
        # a clipped value must not reach the density, not even masked
        x = self.unstretch(torch.where(inside, value, 0.5))
        log_density = self.base.log_prob(x) - math.log(self.high - self.low)
        log_density = torch.where(inside, log_density, -torch.inf)
        log_density = torch.where(value == 0, self.log_prob_zero, log_density)
        return torch.where(value == 1, self.log_prob_one, log_density)

    def cdf(self, value: Tensor) -> Tensor:
        """P(Z ≤ z), which jumps at 0 and at 1, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        F = self.base.log_cdf(self.unstretch(value.clamp(0, 1))).exp()
        return torch.where(value < 0, 0.0, torch.where(value < 1, F, 1.0))

    @property
    def log_prob_zero(self) -> Tensor:
        """log P(z = 0), `[*batch]`."""
        return self.base.log_cdf(self.face(0.0))

    @property
    def log_prob_one(self) -> Tensor:
        """log P(z = 1), `[*batch]`."""
        return self.base.log_survival(self.face(1.0))

    @property
    def prob_zero(self) -> Tensor:
        """P(z = 0), `[*batch]`."""
        return self.log_prob_zero.exp()

    @property
    def prob_one(self) -> Tensor:
        """P(z = 1), `[*batch]`."""
        return self.log_prob_one.exp()

    @property
    def prob_nonzero(self) -> Tensor:
        """P(z ≠ 0), the expected L0 norm, `[*batch]`."""
        return self.base.log_survival(self.face(0.0)).exp()

    def face(self, end: float) -> Tensor:
        """The x at which z reaches 0 or 1, `[]`, in the dtype and on the device of the base."""
        return self.unstretch(self.dtype_and_device().new_tensor(end))

    def dtype_and_device(self) -> Tensor:
        """A tensor of the base, for its dtype and device."""
        return next(v for v in vars(self.base).values() if isinstance(v, Tensor))

    def moment(self, power: int) -> Tensor:
        """E[zⁿ] = ∫₀¹ n zⁿ⁻¹ P(Z > z) dz by quadrature, `[*batch]`.

        Six digits are right unless the density has a peak narrower than a fiftieth.
        """
        column = (-1, *(1,) * len(self.batch_shape))
        z, weight = (x.reshape(column) for x in unit_rule(NODES, self.dtype_and_device()))
        survival = self.base.log_survival(self.unstretch(z)).exp()  # [N, *batch]
        return (weight * power * z ** (power - 1) * survival).sum(0)

    @property
    def mean(self) -> Tensor:
        """E[z], `[*batch]`; see `moment`."""
        return self.moment(1)

    @property
    def variance(self) -> Tensor:
        """E[z²] - E[z]², `[*batch]`; see `moment`."""
        return (self.moment(2) - self.mean**2).clamp(min=0)
