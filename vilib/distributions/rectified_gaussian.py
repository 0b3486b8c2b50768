"""The rectified Gaussian: a Gaussian clipped at one or both ends, mass where it was clipped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints
from torch.distributions.utils import broadcast_all

from vilib.distributions.gaussian_cdf import Phi, log_Phi, phi

__all__ = ["RectifiedGaussian"]

LOG_SQRT_2PI = 0.5 * math.log(2 * math.pi)


class RectifiedGaussian(Distribution):
    """z = min(h, max(l, μ + σ ε)), ε ~ N(0, 1).

    P(z = l) = Φ(α), α = (l - μ) / σ;  P(z = h) = Φ(-β), β = (h - μ) / σ;  N(z; μ, σ²) in between.

    Measure: log mass at l and h, log density on (l, h).

    Not the truncated Gaussian, which has no mass at l and h. The gradient of a sample is 0 where it
    was clipped and E[f(z)] is still differentiated without bias, since z is continuous in μ and σ.

    Args:
        loc: μ, any shape.
        scale: σ > 0, a shape that broadcasts with it.
        low: l, a number.
        high: h > l, a number; infinity for max(l, ·) alone.
        validate_args: As in torch.

    Raises:
        ValueError: Not l < h, or l infinite.

    Source: N. D. Socci, D. D. Lee and H. S. Seung, 1998, The Rectified Gaussian Distribution,
        https://papers.nips.cc/paper/1402-the-rectified-gaussian-distribution

    Example: half of the mass at 0; E[max(0, ε)] = 1 / √(2π).
        >>> q = RectifiedGaussian(torch.tensor(0.0), torch.tensor(1.0))
        >>> q.prob_low, q.mean, q.variance
        (tensor(0.5000), tensor(0.3989), tensor(0.3408))
        >>> q.log_prob(torch.tensor([0.0, 1e-6])).exp()
        tensor([0.5000, 0.3989])
    """

    arg_constraints: ClassVar = {"loc": constraints.real, "scale": constraints.positive}
    has_rsample = True

    def __init__(
        self,
        loc: Tensor | float,
        scale: Tensor | float,
        low: float = 0.0,
        high: float = math.inf,
        validate_args: bool | None = None,
    ) -> None:
        if not -math.inf < low < high:
            raise ValueError(f"low must be finite and below high, got {low} and {high}")
        self.loc, self.scale = broadcast_all(loc, scale)
        self.low, self.high = low, high
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def support(self) -> constraints.Constraint:
        """[l, h]."""
        return constraints.interval(self.low, self.high)

    def expand(
        self, batch_shape: Size, _instance: RectifiedGaussian | None = None
    ) -> RectifiedGaussian:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(RectifiedGaussian, _instance)
        new.loc, new.scale = self.loc.expand(batch_shape), self.scale.expand(batch_shape)
        new.low, new.high = self.low, self.high
        super(RectifiedGaussian, new).__init__(Size(batch_shape), validate_args=False)
        new._validate_args = self._validate_args
        return new

    @property
    def standard_low(self) -> Tensor:
        """α = (l - μ) / σ, `[*batch]`."""
        return ratio(self.low - self.loc, self.scale)

    @property
    def standard_high(self) -> Tensor:
        """β = (h - μ) / σ, `[*batch]`; infinite without an upper end."""
        if math.isinf(self.high):  # a constant: ∞ / σ would have an infinite gradient
            return torch.full_like(self.loc, math.inf)
        return ratio(self.high - self.loc, self.scale)

    @property
    def log_prob_low(self) -> Tensor:
        """log P(z = l), `[*batch]`."""
        return log_Phi(self.standard_low)

    @property
    def log_prob_high(self) -> Tensor:
        """log P(z = h), `[*batch]`; -∞ without an upper end."""
        return log_Phi(-self.standard_high)

    @property
    def prob_low(self) -> Tensor:
        """P(z = l), `[*batch]`."""
        return self.log_prob_low.exp()

    @property
    def prob_high(self) -> Tensor:
        """P(z = h), `[*batch]`."""
        return self.log_prob_high.exp()

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z in [l, h], `[*sample_shape, *batch]`; exactly l and h with their probabilities."""
        ε = self.loc.new_empty(self._extended_shape(Size(sample_shape))).normal_()
        return (self.loc + self.scale * ε).clamp(self.low, self.high)

    def log_prob(self, value: Tensor) -> Tensor:
        """Log mass at l and h, log density in between, in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        inside = (value > self.low) & (value < self.high)
        # a clipped value must not reach the density, not even masked
        ε = (torch.where(inside, value, self.loc) - self.loc) / self.scale
        log_density = -0.5 * ε**2 - self.scale.log() - LOG_SQRT_2PI
        log_density = torch.where(inside, log_density, -torch.inf)
        log_density = torch.where(value == self.low, self.log_prob_low, log_density)
        return torch.where(value == self.high, self.log_prob_high, log_density)

    def cdf(self, value: Tensor) -> Tensor:
        """P(Z ≤ z), which jumps at l and h, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        F = Phi(ratio(value - self.loc, self.scale))
        return torch.where(value < self.low, 0.0, torch.where(value < self.high, F, 1.0))

    def inside_moments(self) -> tuple[Tensor, Tensor, Tensor]:
        """E[εⁿ; l < z < h] for n = 0, 1, 2, each `[*batch]`."""
        α, β = self.standard_low, self.standard_high
        # Φ(β) - Φ(α) = Φ(-α) - Φ(-β): of the two the one that subtracts small numbers
        upper, lower = torch.where(α > 0, -α, β), torch.where(α > 0, -β, α)
        I0 = Phi(upper) - Phi(lower)
        φα, φβ = phi(α), phi(β)
        # β φ(β) = 0 at ∞
        βφβ = torch.zeros_like(φβ) if math.isinf(self.high) else β * φβ
        return I0, φα - φβ, I0 + α * φα - βφβ

    def centred_moments(self) -> tuple[Tensor, Tensor, Tensor]:
        """c, E[(z - c) / σ] and E[((z - c) / σ)²], each `[*batch]`.

        c is the point of [l, h] closest to μ. Moments about 0 would cancel where |μ| ≫ σ.
        """
        c = self.loc.detach().clamp(self.low, self.high)
        I0, I1, I2 = self.inside_moments()
        t = ratio(self.loc - c, self.scale)  # (z - c) / σ = t + ε between p and q
        p = ratio(self.low - c, self.scale)
        first = p * self.prob_low + t * I0 + I1
        second = p**2 * self.prob_low + t**2 * I0 + 2 * t * I1 + I2
        if not math.isinf(self.high):
            q = ratio(self.high - c, self.scale)
            first, second = first + q * self.prob_high, second + q**2 * self.prob_high
        return c, first, second

    @property
    def mean(self) -> Tensor:
        """E[z], `[*batch]`; one-sided with l = 0: μ Φ(μ/σ) + σ φ(μ/σ)."""
        c, first, _ = self.centred_moments()
        return c + self.scale * first

    @property
    def variance(self) -> Tensor:
        """E[(z - c)²] - E[z - c]², `[*batch]`."""
        _, first, second = self.centred_moments()
        return self.scale**2 * (second - first**2).clamp(min=0)

    def entropy(self) -> Tensor:
        """-∑ P log P at the ends - ∫ q log q between them, in nats, `[*batch]`."""
        I0, _, I2 = self.inside_moments()
        H = I0 * (self.scale.log() + LOG_SQRT_2PI) + 0.5 * I2 - self.prob_low * self.log_prob_low
        return H if math.isinf(self.high) else H - self.prob_high * self.log_prob_high


def ratio(distance: Tensor, scale: Tensor) -> Tensor:
    """α = distance / σ, such that 0 · α² and 0 · ∂α²/∂σ are 0, however small σ is.

    Where α²/σ overflows, α gets no gradient and is cut off at half the root of the largest number.
    """
    α = (distance / scale).detach()
    far = (α**2 / scale.detach()).isinf()
    most = 0.5 * math.sqrt(torch.finfo(α.dtype).max)
    # a masked infinite slope would still spoil the gradient
    return torch.where(far, α.clamp(-most, most), distance / torch.where(far, 1.0, scale))
