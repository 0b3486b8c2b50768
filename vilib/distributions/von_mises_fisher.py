"""The von Mises-Fisher distribution: a Gaussian's counterpart on the sphere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints

from vilib.distributions.bessel import log_bessel
from vilib.distributions.constraints import unit_sphere
from vilib.distributions.cosine import rsample_cosine

__all__ = ["VonMisesFisher"]


class VonMisesFisher(Distribution):
    """Vectors of length 1 around a mean direction.

    q(z) = C exp(κ μᵀz),  C = κ^(D/2-1) / ((2π)^(D/2) I_{D/2-1}(κ)),  z in S^(D-1).

    Measure: log density with respect to the surface area of the sphere.

    Samples are z = w μ + √(1 - w²) v: the cosine w by Wood's rejection sampler, v uniform among the
    directions orthogonal to μ. The gradient in κ is the implicit one, dw/dκ = -(∂F/∂κ) / q(w) with
    F the cdf of w. Differentiating the accepted proposals alone would be biased, because κ also
    decides which ones are accepted: at D = 2 and κ = 1.5 half of the gradient would be missing.
    Special functions and samples are computed in float64.

    Args:
        loc: μ, of length 1, `[..., D]` with D ≥ 2.
        concentration: κ ≥ 0, `[...]`, a shape that broadcasts with that of μ without its last axis.
        validate_args: As in torch.

    Raises:
        ValueError: D < 2.

    Source: T. R. Davidson, L. Falorsi, N. De Cao, T. Kipf and J. M. Tomczak, 2018, Hyperspherical
        Variational Auto-Encoders, https://arxiv.org/abs/1804.00891

    Example: the larger κ, the closer the mean to the sphere.
        >>> _ = torch.manual_seed(1)
        >>> μ = torch.tensor([1.0, 0.0, 0.0])
        >>> q = VonMisesFisher(μ, torch.tensor([0.0, 1.0, 100.0]))
        >>> q.mean_resultant_length
        tensor([0.0000, 0.3130, 0.9900])
        >>> q.rsample((5,)).shape
        torch.Size([5, 3, 3])
    """

    arg_constraints: ClassVar = {
        "loc": unit_sphere,
        "concentration": constraints.nonnegative,
    }
    support = unit_sphere
    has_rsample = True

    def __init__(
        self, loc: Tensor, concentration: Tensor | float, validate_args: bool | None = None
    ) -> None:
        concentration = torch.as_tensor(concentration, dtype=loc.dtype, device=loc.device)
        if loc.dim() < 1 or loc.shape[-1] < 2:
            raise ValueError(f"loc must be [..., D] with D at least 2, got {list(loc.shape)}")
        batch_shape = torch.broadcast_shapes(loc.shape[:-1], concentration.shape)
        self.loc = loc.expand(*batch_shape, -1)
        self.concentration = concentration.expand(batch_shape)
        super().__init__(batch_shape, loc.shape[-1:], validate_args=validate_args)

    def expand(self, batch_shape: Size, _instance: VonMisesFisher | None = None) -> VonMisesFisher:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(VonMisesFisher, _instance)
        new.loc = self.loc.expand(*batch_shape, -1)
        new.concentration = self.concentration.expand(batch_shape)
        super(VonMisesFisher, new).__init__(
            Size(batch_shape), self.event_shape, validate_args=False
        )
        new._validate_args = self._validate_args
        return new

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """Vectors of length 1, `[*sample_shape, *batch, D]`."""
        shape = self._extended_shape(Size(sample_shape))
        D, μ = shape[-1], self.loc.double()
        w = rsample_cosine(self.concentration.double().expand(shape[:-1]), D)[..., None]
        x = μ.new_empty(shape).normal_()
        v = x - (x * μ).sum(-1, keepdim=True) * μ
        v = v / v.norm(dim=-1, keepdim=True)
        z = w * μ + ((1 - w) * (1 + w)).sqrt() * v
        return (z / z.norm(dim=-1, keepdim=True)).to(self.loc.dtype)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        # μᵀz - 1 on the sphere, without the cancellation
        cosine_less_one = -0.5 * ((value - self.loc) ** 2).sum(-1)
        return self.log_peak.to(self.loc.dtype) + self.concentration * cosine_less_one

    @property
    def log_peak(self) -> Tensor:
        """log q(μ) = log C + κ in float64, `[*batch]`."""
        D = self.event_shape[0]
        log_g, _ = log_bessel(D / 2 - 1, self.concentration)
        return -D / 2 * math.log(2 * math.pi) - log_g

    @property
    def log_normaliser(self) -> Tensor:
        """log C, in nats, `[*batch]`."""
        return (self.log_peak - self.concentration.double()).to(self.loc.dtype)

    @property
    def mean_cosine_over_concentration(self) -> Tensor:
        """E[μᵀz] / κ in float64, `[*batch]`; 1/D at κ = 0."""
        return log_bessel(self.event_shape[0] / 2 - 1, self.concentration)[1]

    @property
    def mean_resultant_length(self) -> Tensor:
        """A = E[μᵀz] = I_{D/2}(κ) / I_{D/2-1}(κ), `[*batch]`."""
        return (self.concentration * self.mean_cosine_over_concentration).to(self.loc.dtype)

    @property
    def mean(self) -> Tensor:
        """A μ, `[*batch, D]`; inside the sphere, not on it."""
        return self.mean_resultant_length[..., None] * self.loc

    @property
    def mode(self) -> Tensor:
        """μ, `[*batch, D]`."""
        return self.loc

    @property
    def variance(self) -> Tensor:
        """A/κ + (1 - D A/κ - A²) μᵢ² in each coordinate, `[*batch, D]`."""
        t, κ = self.mean_cosine_over_concentration, self.concentration.double()
        along = 1 - self.event_shape[0] * t - (κ * t) ** 2
        return (t[..., None] + along[..., None] * self.loc.double() ** 2).to(self.loc.dtype)

    def entropy(self) -> Tensor:
        """κ (1 - A) - log q(μ), in nats, `[*batch]`."""
        κ = self.concentration.double()
        H = κ * (1 - κ * self.mean_cosine_over_concentration) - self.log_peak
        return H.to(self.loc.dtype)
