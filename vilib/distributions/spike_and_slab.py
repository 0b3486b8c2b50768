"""Spike and slab: exactly 0, or a draw from a continuous distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Size, Tensor
from torch.distributions import Bernoulli, Distribution, biject_to, constraints

from vilib.distributions.constraints import zero_or

__all__ = ["SpikeAndSlab"]


class SpikeAndSlab(Distribution):
    """z = 0 with probability 1 - π, else z ~ slab.

    q(z = 0) = 1 - π,  q(z) = π q_slab(z) elsewhere.

    Measure: log mass at 0, log density elsewhere.

    There is no `rsample`: whether z is 0 jumps with π. Use a score-function estimator, or sum over
    the two cases and reparameterise the slab.

    Args:
        slab: A continuous distribution of single numbers, batch shape `[*batch]`.
        probs: π in [0, 1], a shape that broadcasts with the slab's batch.
        logits: logit π, instead of `probs`.
        validate_args: As in torch.

    Raises:
        ValueError: The slab is discrete or has event axes (wrap the whole with `Independent`
            instead); both or neither of `probs` and `logits` are given.

    Source: T. J. Mitchell and J. J. Beauchamp, 1988, Bayesian Variable Selection in Linear
        Regression, https://doi.org/10.1080/01621459.1988.10478694

    Example:
        >>> from torch.distributions import Normal
        >>> q = SpikeAndSlab(Normal(1.0, 2.0), probs=0.25)
        >>> q.log_prob(torch.tensor([0.0, 1.0])).exp()
        tensor([0.7500, 0.0499])
        >>> q.mean, q.variance
        (tensor(0.2500), tensor(1.1875))
    """

    arg_constraints: ClassVar = {"probs": constraints.unit_interval, "logits": constraints.real}
    has_rsample = False

    def __init__(
        self,
        slab: Distribution,
        probs: Tensor | float | None = None,
        logits: Tensor | float | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        if slab.event_shape or slab.support.is_discrete:
            raise ValueError(f"the slab must be a continuous distribution of numbers, got {slab}")
        name, weight = ("probs", probs) if logits is None else ("logits", logits)
        if not isinstance(weight, Tensor):  # a number takes the dtype and the device of the slab
            weight = slab.mean.new_tensor(weight)
        shape = torch.broadcast_shapes(weight.shape, slab.batch_shape)
        self.slab = slab.expand(shape)
        # this one is our own copy; it would refuse to say that its cdf at 0 is 0
        self.slab._validate_args = False
        self.gate = Bernoulli(**{name: weight.expand(shape)}, validate_args=False)
        super().__init__(shape, validate_args=validate_args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.slab}, {self.gate})"

    @property
    def support(self) -> constraints.Constraint:
        """0 and the slab's support."""
        return zero_or(self.slab.support)

    def expand(self, batch_shape: Size, _instance: SpikeAndSlab | None = None) -> SpikeAndSlab:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(SpikeAndSlab, _instance)
        new.slab, new.gate = self.slab.expand(batch_shape), self.gate.expand(batch_shape)
        super(SpikeAndSlab, new).__init__(Size(batch_shape), validate_args=False)
        new._validate_args = self._validate_args
        return new

    @property
    def logits(self) -> Tensor:
        """logit π, `[*batch]`."""
        return self.gate.logits

    @property
    def probs(self) -> Tensor:
        """π = P(z ≠ 0), `[*batch]`."""
        return self.gate.probs

    def sample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z, `[*sample_shape, *batch]`, without gradient."""
        with torch.no_grad():
            z = self.slab.sample(Size(sample_shape))
            return torch.where(self.gate.sample(Size(sample_shape)) == 1, z, 0.0)

    def log_prob(self, value: Tensor) -> Tensor:
        """Log mass at 0, log density elsewhere, in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        # 0 may lie outside the slab's support: the slab sees a point inside instead
        inside = biject_to(self.slab.support)(torch.zeros_like(value))
        log_slab = self.slab.log_prob(torch.where(value == 0, inside, value))
        log_density = F.logsigmoid(self.logits) + log_slab
        return torch.where(value == 0, F.logsigmoid(-self.logits), log_density)

    def cdf(self, value: Tensor) -> Tensor:
        """P(Z ≤ z), which jumps at 0, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        return torch.where(value < 0, 0.0, 1 - self.probs) + self.probs * self.slab.cdf(value)

    @property
    def mean(self) -> Tensor:
        """π E_slab[z], `[*batch]`."""
        return self.probs * self.slab.mean

    @property
    def variance(self) -> Tensor:
        """π Var_slab[z] + π (1 - π) E_slab[z]², `[*batch]`."""
        π = self.probs
        return π * self.slab.variance + π * (1 - π) * self.slab.mean**2

    def entropy(self) -> Tensor:
        """H(Bernoulli(π)) + π H(slab), in nats, `[*batch]`."""
        return self.gate.entropy() + self.probs * self.slab.entropy()
