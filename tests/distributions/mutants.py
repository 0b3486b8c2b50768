"""Wrong distributions, each with one mistake that somebody has made."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.distributions import Beta, Distribution, Normal

from vilib import distributions as d
from vilib.distributions import cosine, unit_interval


class UnstretchedMass(d.HardKumaraswamy):
    """The mass at 0 is the cdf at -l, not at -l / (r - l)."""

    @property
    def log_prob_zero(self) -> Tensor:
        return self.base.log_cdf(self.base.concentration1.new_tensor(-self.low))


class NoJacobian(d.HardConcrete):
    """The density is not divided by r - l."""

    def log_prob(self, value: Tensor) -> Tensor:
        inside = (value > 0) & (value < 1)
        return super().log_prob(value) + inside * math.log(self.high - self.low)


class BaseMean(d.HardConcrete):
    """The gate at u = 1/2 in place of the mean, which is what is used at test time."""

    @property
    def mean(self) -> Tensor:
        return (self.low + (self.high - self.low) * self.probs).clamp(0, 1)


class DetachedNoise(d.RectifiedGaussian):
    """The scale gets no gradient."""

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        z = self.loc + self.scale.detach() * torch.randn(self._extended_shape(sample_shape))
        return z.clamp(self.low, self.high)


class SlopeThroughTheClip(d.RectifiedGaussian):
    """Clipped samples keep the gradient of the Gaussian."""

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        z = self.loc + self.scale * torch.randn(self._extended_shape(sample_shape))
        return z + (z.clamp(self.low, self.high) - z).detach()


class DensityAtZero(d.RectifiedGaussian):
    """At 0 the density of the Gaussian, not the mass."""

    def log_prob(self, value: Tensor) -> Tensor:
        return Normal(self.loc, self.scale).log_prob(value)


class NoGap(d.SpikeAndSlab):
    """The variance without that of the gate."""

    @property
    def variance(self) -> Tensor:
        return self.probs * self.slab.variance


class NoTwoPi(d.VonMisesFisher):
    """The normaliser without (2π)^(D/2)."""

    @property
    def log_peak(self) -> Tensor:
        return super().log_peak + self.event_shape[0] / 2 * math.log(2 * math.pi)


class AcceptedOnly(d.VonMisesFisher):
    """The gradient flows through the accepted proposals alone, as in the first implementation."""

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        D, μ = self.event_shape[0], self.loc.double()
        shape = self._extended_shape(sample_shape)
        κ = self.concentration.double().expand(shape[:-1])
        w = cosine.sample_cosine(κ.detach(), D)
        b = (D - 1) / (2 * κ + (4 * κ**2 + (D - 1) ** 2).sqrt())
        with torch.no_grad():  # the proposal that became w
            ε = (1 - w) / (1 + b - (1 - b) * w)
        w = ((1 - (1 + b) * ε) / (1 - (1 - b) * ε))[..., None]
        x = torch.randn(shape, dtype=torch.double)
        v = torch.nn.functional.normalize(x - (x * μ).sum(-1, keepdim=True) * μ, dim=-1)
        return w * μ + (1 - w**2).sqrt() * v


class CutGradient(d.Kumaraswamy):
    """Samples that are moved off the boundary lose their gradient."""

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        z = self.rsample_log(sample_shape).exp()
        edges = unit_interval.into_open_unit(torch.tensor([0.0, 1.0], dtype=z.dtype))
        return z.clamp(*edges.tolist())


def taylor(p: d.Kumaraswamy, q: Beta, terms: int = 10) -> Tensor:
    """KL(p ‖ q) with E[log(1 - z)] = -∑ E[zᵐ] / m cut after ten terms."""
    complement = -sum(p.moment(m) / m for m in range(1, terms + 1))
    α, β = q.concentration1, q.concentration0
    log_B = torch.lgamma(α) + torch.lgamma(β) - torch.lgamma(α + β)
    return log_B - (α - 1) * p.mean_log() - (β - 1) * complement - p.entropy()


def without_weight(p: d.SpikeAndSlab, q: d.SpikeAndSlab) -> Tensor:
    """KL of two spikes and slabs, the slabs' counted even where z is 0."""
    gates = torch.distributions.kl_divergence(p.gate, q.gate)
    return gates + torch.distributions.kl_divergence(p.slab, q.slab)


def masses_only(p: Distribution, q: Distribution) -> Tensor:
    """KL of two mixed variables as if they were the three events 0, 1 and in between."""
    total = 0
    for a, b in ((p.prob_zero, q.prob_zero), (p.prob_one, q.prob_one)):
        total = total + a * (a / b).log()
    a, b = 1 - p.prob_zero - p.prob_one, 1 - q.prob_zero - q.prob_one
    return total + a * (a / b).log()
