"""The binary Concrete distribution: a Bernoulli variable made continuous."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Size, Tensor
from torch.distributions import Distribution, constraints
from torch.distributions.utils import (
    broadcast_all,
    clamp_probs,
    lazy_property,
    logits_to_probs,
    probs_to_logits,
)

from vilib.distributions.unit_interval import into_open_unit

__all__ = ["BinaryConcrete"]


class BinaryConcrete(Distribution):
    """z = σ((α + logit u) / τ), u uniform: a coin toss with logit α, softened by the temperature τ.

    q(z) = τ σ(v) σ(-v) / (z (1 - z)),  F(z) = σ(v),  v = τ logit z - α.

    Measure: log density on (0, 1).

    torch's `RelaxedBernoulli` has no cdf, which stretching needs. Samples that would round to 0 or
    1 are moved to the nearest number inside; the gradient is that of the unmoved z. `log_prob`
    reads 0 and 1 in the same way.

    Args:
        temperature: τ > 0, any shape.
        probs: P(z > .5) = σ(α), in (0, 1), a shape that broadcasts with it.
        logits: α, instead of `probs`.
        validate_args: As in torch.

    Raises:
        ValueError: Both or neither of `probs` and `logits` are given.

    Source: C. J. Maddison, A. Mnih and Y. W. Teh, 2017, The Concrete Distribution: A Continuous
        Relaxation of Discrete Random Variables, https://arxiv.org/abs/1611.00712; E. Jang, S. Gu
        and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144

    Example: rounded, it is the Bernoulli, whatever τ is.
        >>> q = BinaryConcrete(torch.tensor([0.1, 1.0, 10.0]), probs=torch.tensor(0.3))
        >>> 1 - q.cdf(torch.tensor(0.5))
        tensor([0.3000, 0.3000, 0.3000])
    """

    arg_constraints: ClassVar = {
        "temperature": constraints.positive,
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    support = constraints.unit_interval
    has_rsample = True

    def __init__(
        self,
        temperature: Tensor | float,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        if logits is None:
            self.temperature, self.probs = broadcast_all(temperature, probs)
        else:
            self.temperature, self.logits = broadcast_all(temperature, logits)
        super().__init__(self.temperature.shape, validate_args=validate_args)

    def expand(self, batch_shape: Size, _instance: BinaryConcrete | None = None) -> BinaryConcrete:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(BinaryConcrete, _instance)
        for name in ("temperature", "probs", "logits"):
            if name in self.__dict__:
                setattr(new, name, getattr(self, name).expand(batch_shape))
        super(BinaryConcrete, new).__init__(Size(batch_shape), validate_args=False)
        new._validate_args = self._validate_args
        return new

    @lazy_property
    def logits(self) -> Tensor:
        """α, `[*batch]`."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Tensor:
        """σ(α), `[*batch]`."""
        return logits_to_probs(self.logits, is_binary=True)

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z in the open interval, `[*sample_shape, *batch]`."""
        α, τ = self.logits, self.temperature
        u = clamp_probs(α.new_empty(self._extended_shape(Size(sample_shape))).uniform_())
        return into_open_unit(((α + u.logit()) / τ).sigmoid())

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        z = into_open_unit(value)
        log_steepness = -z.log() - torch.log1p(-z)  # of logit z
        return self.temperature.log() + self.log_cdf(z) + self.log_survival(z) + log_steepness

    def log_cdf(self, value: Tensor) -> Tensor:
        """log F(z) for z in (0, 1), `[..., *batch]`."""
        return F.logsigmoid(self.temperature * value.logit() - self.logits)

    def log_survival(self, value: Tensor) -> Tensor:
        """log(1 - F(z)) for z in (0, 1), `[..., *batch]`."""
        return F.logsigmoid(self.logits - self.temperature * value.logit())

    def cdf(self, value: Tensor) -> Tensor:
        """F(z) for z in [0, 1], `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        return (self.temperature * value.logit() - self.logits).sigmoid()

    def icdf(self, value: Tensor) -> Tensor:
        """z with F(z) = value, `[..., *batch]`."""
        return ((self.logits + value.logit()) / self.temperature).sigmoid()
