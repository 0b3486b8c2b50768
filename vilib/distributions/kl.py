"""Closed Kullback-Leibler divergences, registered with `torch.distributions.kl_divergence`.

A divergence is here only where it is exact; other pairs raise NotImplementedError, as in torch.
Two mixed distributions are compared only where their masses lie at the same values.

Example:
    >>> import torch
    >>> from torch.distributions import Beta, kl_divergence
    >>> from vilib.distributions import Kumaraswamy
    >>> kl_divergence(Kumaraswamy(2.0, 3.0), Beta(torch.tensor(2.0), torch.tensor(3.0)))
    tensor(0.0402)
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.distributions import Beta, Distribution, kl_divergence, register_kl

from vilib.distributions.binary_concrete import BinaryConcrete
from vilib.distributions.hard_concrete import HardConcrete
from vilib.distributions.hard_kumaraswamy import HardKumaraswamy
from vilib.distributions.hyperspherical_uniform import HypersphericalUniform
from vilib.distributions.kumaraswamy import Kumaraswamy
from vilib.distributions.rectified_gaussian import RectifiedGaussian, ratio
from vilib.distributions.spike_and_slab import SpikeAndSlab
from vilib.distributions.unit_interval import log1mexp
from vilib.distributions.von_mises_fisher import VonMisesFisher

__all__: list[str] = []


def require(same: bool, what: str, p: Distribution, q: Distribution) -> None:
    """Refuse a pair whose divergence has no closed form."""
    if not same:
        names = f"{type(p).__name__} and {type(q).__name__}"
        raise NotImplementedError(f"KL of {names} is closed only for equal {what}")


def require_one_space(p: Distribution, q: Distribution) -> None:
    """Refuse a pair of distributions of vectors of different lengths."""
    if p.event_shape != q.event_shape:
        shapes = f"{list(p.event_shape)} and {list(q.event_shape)}"
        raise ValueError(f"KL needs equal event shapes, got {shapes}")


@register_kl(Kumaraswamy, Beta)
def kumaraswamy_beta(p: Kumaraswamy, q: Beta) -> Tensor:
    """-H(p) - (α - 1) E_p[log z] - (β - 1) E_p[log(1 - z)] + log B(α, β), `[*batch]`.

    Source: E. Nalisnick and P. Smyth, 2017, Stick-Breaking Variational Autoencoders,
        https://arxiv.org/abs/1605.06197, but for E_p[log(1 - z)]; see `mean_log_complement`.
    """
    α, β = q.concentration1, q.concentration0
    log_B = torch.lgamma(α) + torch.lgamma(β) - torch.lgamma(α + β)
    cross = (α - 1) * p.mean_log() + (β - 1) * mean_log_complement(p)
    return log_B - cross - p.entropy()


def mean_log_complement(p: Kumaraswamy) -> Tensor:
    """E[log(1 - z)] for a Kumaraswamy z, `[*batch]`, to ten digits.

    Its Taylor series -∑ₘ E[zᵐ] / m falls like m^(-1-b): for b < 1 no practical number of terms is
    enough. With log z = (1/a) log(1 - e^(-ε/b)), ε ~ Exponential(1), it is an integral over log ε
    of an analytic function that dies out at both ends, for which the trapezoidal rule converges
    exponentially.
    """
    a, b = p.concentration1.double(), p.concentration0.double()
    h = 1 / 16
    log_ε = torch.arange(-40, 4.5, h, dtype=torch.double, device=a.device)
    ε = log_ε.exp().reshape(-1, *(1,) * a.dim())  # [N, *batch]
    # so close to 1 that 1 - z = e^(-ε/b) / a
    tail = -ε / b - a.log()
    close = torch.maximum(tail, -ε / b) < -40
    log_z = log1mexp(torch.where(close, -1.0, -ε / b)) / a
    log_complement = torch.where(close, tail, log1mexp(log_z))
    return (h * ε * (-ε).exp() * log_complement).sum(0).to(p.concentration1.dtype)


@register_kl(Kumaraswamy, Kumaraswamy)
def kumaraswamy_kumaraswamy(p: Kumaraswamy, q: Kumaraswamy) -> Tensor:
    """log(b/b') + b'/b - 1 for equal a, that of the exponential -log(1 - zᵃ), `[*batch]`."""
    require(same(p.concentration1, q.concentration1), "concentration1", p, q)
    b, other = p.concentration0, q.concentration0
    return b.log() - other.log() + other / b - 1


@register_kl(HardKumaraswamy, HardKumaraswamy)
def hard_kumaraswamy(p: HardKumaraswamy, q: HardKumaraswamy) -> Tensor:
    """The masses, and an integral in v = 1 - xᵃ between them, for equal a, l and r, `[*batch]`."""
    require(same(p.concentration1, q.concentration1), "concentration1", p, q)
    require((p.low, p.high) == (q.low, q.high), "low and high", p, q)
    b, other = p.concentration0, q.concentration0
    # P(z ≠ 0) and P(z = 1) are vᵇ at the ends of the integral
    above, top = p.prob_nonzero, p.prob_one
    log_above = p.base.log_survival(p.face(0.0))
    slope = above * (log_above - 1) - top * (p.log_prob_one - 1)
    inside = (b.log() - other.log()) * (above - top) + (1 - other / b) * slope
    return at_faces(p, q) + inside


@register_kl(BinaryConcrete, BinaryConcrete)
def binary_concrete(p: BinaryConcrete, q: BinaryConcrete) -> Tensor:
    """δ coth(δ/2) - 2 with δ = α - α', for equal τ, `[*batch]`; it does not depend on τ."""
    require(same(p.temperature, q.temperature), "temperature", p, q)
    δ = (p.logits - q.logits).double()
    small = δ.abs() < 0.03
    # close to 0 the two terms cancel: the first terms of the series
    safe = torch.where(small, 1.0, δ)
    divergence = torch.where(small, δ**2 / 6 - δ**4 / 360, safe / (safe / 2).tanh() - 2)
    return divergence.to(p.logits.dtype)


@register_kl(HardConcrete, HardConcrete)
def hard_concrete(p: HardConcrete, q: HardConcrete) -> Tensor:
    """The masses, and ∫ -δ + 2 log(1 + (e^δ - 1) u) du over u = F_p between them, `[*batch]`.

    Closed for equal τ, l and r; δ = α - α'.
    """
    require(same(p.temperature, q.temperature), "temperature", p, q)
    require((p.low, p.high) == (q.low, q.high), "low and high", p, q)
    δ = (p.logits - q.logits).double()
    start, end = p.prob_zero.double(), 1 - p.prob_one.double()
    inside = -δ * (end - start) + 2 * (log_integral(δ, end) - log_integral(δ, start))
    return at_faces(p, q) + inside.to(p.logits.dtype)


def log_integral(δ: Tensor, u: Tensor) -> Tensor:
    """∫₀ᵘ log(1 + c v) dv = ((1 + c u) log(1 + c u) - c u) / c with c = e^δ - 1."""
    c = torch.expm1(δ)
    small = c.abs() < 1e-4
    # close to 0 the terms cancel: the first terms of the series
    series = c * u**2 / 2 - c**2 * u**3 / 6 + c**3 * u**4 / 12
    c = torch.where(small, 1.0, c)
    return torch.where(small, series, ((1 + c * u) * torch.log1p(c * u) - c * u) / c)


@register_kl(RectifiedGaussian, RectifiedGaussian)
def rectified_gaussian(p: RectifiedGaussian, q: RectifiedGaussian) -> Tensor:
    """The masses at l and h, and the integral between them by moments, for equal l and h."""
    require((p.low, p.high) == (q.low, q.high), "low and high", p, q)
    I0, I1, I2 = p.inside_moments()
    # (z - μ') / σ' = r ε + d
    r, d = ratio(p.scale, q.scale), ratio(p.loc - q.loc, q.scale)
    log_r = p.scale.log() - q.scale.log()
    inside = 0.5 * (r**2 * I2 + 2 * r * d * I1 + d**2 * I0 - I2) - log_r * I0
    divergence = inside + p.prob_low * (p.log_prob_low - q.log_prob_low)
    if math.isinf(p.high):
        return divergence
    return divergence + p.prob_high * (p.log_prob_high - q.log_prob_high)


@register_kl(SpikeAndSlab, SpikeAndSlab)
def spike_and_slab(p: SpikeAndSlab, q: SpikeAndSlab) -> Tensor:
    """KL of the gates + π KL of the slabs, `[*batch]`, if torch knows the latter."""
    # torch's divergence of two Bernoullis does not broadcast
    shape = torch.broadcast_shapes(p.batch_shape, q.batch_shape)
    p, q = p.expand(shape), q.expand(shape)
    return kl_divergence(p.gate, q.gate) + p.probs * kl_divergence(p.slab, q.slab)


@register_kl(VonMisesFisher, VonMisesFisher)
def von_mises_fisher(p: VonMisesFisher, q: VonMisesFisher) -> Tensor:
    """log q_p(μ) - κ (1 - A) - log q_q(μ') + κ' (1 - A μᵀμ'), `[*batch]`."""
    require_one_space(p, q)
    κ, other = p.concentration.double(), q.concentration.double()
    A = κ * p.mean_cosine_over_concentration
    cosine = (p.loc.double() * q.loc.double()).sum(-1)
    divergence = p.log_peak - κ * (1 - A) - q.log_peak + other * (1 - A * cosine)
    return divergence.to(p.loc.dtype)


@register_kl(VonMisesFisher, HypersphericalUniform)
def von_mises_fisher_uniform(p: VonMisesFisher, q: HypersphericalUniform) -> Tensor:
    """log area - H(p), whatever μ is, `[*batch]`."""
    require_one_space(p, q)
    κ = p.concentration.double()
    entropy = κ * (1 - κ * p.mean_cosine_over_concentration) - p.log_peak
    return (q.log_area - entropy).to(p.loc.dtype)


def same(one: Tensor, other: Tensor) -> bool:
    """Whether all elements agree."""
    return bool((one == other).all())


def at_faces(p: HardConcrete | HardKumaraswamy, q: HardConcrete | HardKumaraswamy) -> Tensor:
    """P(0) log(P(0) / Q(0)) + P(1) log(P(1) / Q(1)), `[*batch]`."""
    zero = p.prob_zero * (p.log_prob_zero - q.log_prob_zero)
    return zero + p.prob_one * (p.log_prob_one - q.log_prob_one)
