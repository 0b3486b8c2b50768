"""The Kumaraswamy distribution, in log space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints
from torch.distributions.utils import broadcast_all

from vilib.distributions.unit_interval import into_open_unit, log1mexp

__all__ = ["Kumaraswamy"]


class Kumaraswamy(Distribution):
    """A relative of the Beta on (0, 1) whose cdf is closed and whose samples are reparameterised.

    q(z) = a b z^(a-1) (1 - zᵃ)^(b-1),  F(z) = 1 - (1 - zᵃ)ᵇ,  log z = (1/a) log(1 - e^(-ε/b)) with
    ε ~ Exponential(1).

    Measure: log density on (0, 1).

    Samples are drawn as log z. At a = b = .02 two thirds of them lie closer to 1 than float32 can
    tell: these are moved to the last number before 1 (and what underflows to 1e-31); the gradient
    is that of the unmoved z. `log_prob` reads 0 and 1 in the same way, so it is finite everywhere.

    Args:
        concentration1: a > 0, any shape.
        concentration0: b > 0, a shape that broadcasts with it.
        validate_args: As in torch.

    Source: P. Kumaraswamy, 1980, A generalized probability density function for double-bounded
        random processes, https://doi.org/10.1016/0022-1694(80)90036-0; M. C. Jones, 2009,
        Kumaraswamy's distribution, https://doi.org/10.1016/j.stamet.2008.04.001

    Example:
        >>> _ = torch.manual_seed(1)
        >>> q = Kumaraswamy(torch.tensor(0.02), torch.tensor(0.02))
        >>> z = q.sample((1000,))
        >>> bool(((0 < z) & (z < 1) & q.log_prob(z).isfinite()).all())
        True
        >>> q.mode, Kumaraswamy(torch.tensor(2.0), torch.tensor(2.0)).mean
        (tensor(1.), tensor(0.5333))
    """

    arg_constraints: ClassVar = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
    }
    support = constraints.unit_interval
    has_rsample = True

    def __init__(
        self,
        concentration1: Tensor | float,
        concentration0: Tensor | float,
        validate_args: bool | None = None,
    ) -> None:
        self.concentration1, self.concentration0 = broadcast_all(concentration1, concentration0)
        super().__init__(self.concentration1.shape, validate_args=validate_args)

    def expand(self, batch_shape: Size, _instance: Kumaraswamy | None = None) -> Kumaraswamy:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(Kumaraswamy, _instance)
        new.concentration1 = self.concentration1.expand(batch_shape)
        new.concentration0 = self.concentration0.expand(batch_shape)
        super(Kumaraswamy, new).__init__(Size(batch_shape), validate_args=False)
        new._validate_args = self._validate_args
        return new

    def rsample_log(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """log z, `[*sample_shape, *batch]`; 1 - z = -expm1(log z) keeps all its digits."""
        a, b = self.concentration1, self.concentration0
        tiny = torch.finfo(a.dtype).tiny
        ε = a.new_empty(self._extended_shape(Size(sample_shape))).exponential_().clamp(min=tiny)
        return log1mexp(-(ε / b).clamp(min=tiny)) / a

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z in the open interval, `[*sample_shape, *batch]`."""
        return into_open_unit(self.rsample_log(sample_shape).exp())

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        a, b = self.concentration1, self.concentration0
        log_z = into_open_unit(value).log()
        return a.log() + b.log() + (a - 1) * log_z + (b - 1) * log1mexp(a * log_z)

    def log_cdf(self, value: Tensor) -> Tensor:
        """log F(z) for z in (0, 1), `[..., *batch]`."""
        a, b = self.concentration1, self.concentration0
        log_F = a * value.log() + b.log()  # where zᵃ is tiny, F(z) = b zᵃ
        tiny = torch.maximum(log_F, a * value.log()) < -40
        return torch.where(tiny, log_F, log1mexp(torch.where(tiny, -1.0, self.log_survival(value))))

    def log_survival(self, value: Tensor) -> Tensor:
        """log(1 - F(z)) = b log(1 - zᵃ) for z in (0, 1), `[..., *batch]`."""
        return self.concentration0 * log1mexp(self.concentration1 * value.log())

    def cdf(self, value: Tensor) -> Tensor:
        """F(z) for z in [0, 1], `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        inside = (value > 0) & (value < 1)
        # log 0 must not be reached, not even masked: it would spoil the gradient
        F = -torch.expm1(self.log_survival(torch.where(inside, value, 0.5)))
        return torch.where(inside, F, value.detach().clamp(0, 1))

    def icdf(self, value: Tensor) -> Tensor:
        """z with F(z) = value, `[..., *batch]`."""
        return (log1mexp(torch.log1p(-value) / self.concentration0) / self.concentration1).exp()

    def moment(self, power: float) -> Tensor:
        """E[zⁿ] = Γ(1 + n/a) Γ(1 + b) / Γ(1 + b + n/a), `[*batch]`."""
        # the three logarithms cancel; float64 keeps what float32 would lose
        y, b = power / self.concentration1.double(), self.concentration0.double()
        return (torch.lgamma(1 + y) + torch.lgamma(1 + b) - torch.lgamma(1 + b + y)).exp()

    @property
    def mean(self) -> Tensor:
        """E[z], `[*batch]`."""
        return self.moment(1).to(self.concentration1)

    @property
    def variance(self) -> Tensor:
        """E[z²] - E[z]², `[*batch]`."""
        return (self.moment(2) - self.moment(1) ** 2).clamp(min=0).to(self.concentration1)

    @property
    def mode(self) -> Tensor:
        """Where the density is highest, `[*batch]`; .5 for the uniform.

        Where it is unbounded at both ends, a, b < 1, the end where it grows faster, 1 if a = b.
        """
        a, b = self.concentration1, self.concentration0
        inside = ((a - 1) / (a * b - 1)) ** (1 / a)
        at_zero = ((a <= 1) & (b > 1)) | ((a < 1) & ((b == 1) | (a < b)))
        end = torch.where((a == 1) & (b == 1), 0.5, torch.where(at_zero, 0.0, 1.0)).to(a)
        return torch.where((a > 1) & (b > 1), inside, end)

    def entropy(self) -> Tensor:
        """1 - 1/b + (1 - 1/a) (ψ(b + 1) + γ) - log(a b) in nats, `[*batch]`."""
        a, b = self.concentration1, self.concentration0
        return (1 - 1 / b) - (a - 1) * self.mean_log() - a.log() - b.log()

    def mean_log(self) -> Tensor:
        """E[log z] = -(ψ(b + 1) + γ) / a, `[*batch]`."""
        a, b = self.concentration1, self.concentration0
        return -(torch.digamma(b + 1) - torch.digamma(torch.ones_like(b))) / a
