"""The Gaussian-sparsemax: a Gaussian projected onto the simplex, with mass on every face."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints

from vilib.distributions.faces import faces
from vilib.distributions.gaussian_cdf import log_Phi
from vilib.distributions.gaussian_integral import log_gaussian_integral
from vilib.sparse.sparsemax import sparsemax

__all__ = ["GaussianSparsemax"]

LOG_SQRT_2PI = 0.5 * math.log(2 * math.pi)


class GaussianSparsemax(Distribution):
    """z = sparsemax(μ + σ ε), ε ~ N(0, I): between a relaxation and a discrete variable.

    On the face F = {i: zᵢ > 0} with m vertices, sparsemax subtracted some τ from all scores:
    q(z) = m ∫ ∏_{i ∈ F} N(zᵢ + τ; μᵢ, σᵢ²) ∏_{j ∉ F} Φ((τ - μⱼ)/σⱼ) dτ.

    Measure: mass on vertices; on a face with m > 1 vertices, density per volume of m - 1 of its
        coordinates (which ones does not matter), as in torch's Dirichlet. Per Euclidean volume of
        the face it would be √m times smaller.

    For K = 2 the integral has a closed form and z₁ is a rectified Gaussian,
    clamp((1 + μ₁ - μ₂ + √(σ₁² + σ₂²) ε)/2, 0, 1). For larger K it is a quadrature.

    Args:
        loc: μ, `[*batch, K]`.
        scale: σ > 0, of a shape that broadcasts with loc.
        validate_args: As in torch.

    Raises:
        ValueError: loc has no axis.

    Source: A. Farinhas, W. Aziz, V. Niculae and A. F. T. Martins, 2022, Sparse Communication via
        Mixed Distributions, https://arxiv.org/abs/2108.02658

    Example: three equal scores; each vertex, edge, and the interior.
        >>> q = GaussianSparsemax(torch.zeros(3), torch.ones(3))
        >>> q.face_probabilities()
        tensor([0.1132, 0.1132, 0.1778, 0.1132, 0.1778, 0.1778, 0.1271])
        >>> q.log_prob(torch.tensor([1.0, 0.0, 0.0])).exp()
        tensor(0.1132)
    """

    arg_constraints: ClassVar = {
        "loc": constraints.real_vector,
        "scale": constraints.independent(constraints.positive, 1),
    }
    support = constraints.simplex
    has_rsample = True

    def __init__(
        self, loc: Tensor, scale: Tensor | float, validate_args: bool | None = None
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must have an axis of the K categories")
        self.loc, self.scale = torch.broadcast_tensors(loc, torch.as_tensor(scale).to(loc))
        shape = self.loc.shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    def expand(
        self, batch_shape: Size | Sequence[int], _instance: GaussianSparsemax | None = None
    ) -> GaussianSparsemax:
        """The same with batch axes repeated, as in torch."""
        shape = Size(batch_shape) + self.event_shape
        loc, scale = self.loc.expand(shape), self.scale.expand(shape)
        return GaussianSparsemax(loc, scale, validate_args=self._validate_args)

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z, `[*sample_shape, *batch, K]`; the gradient is that within the face of the sample.

        z is continuous in μ and σ, and so the gradient of a mean of f(z) has no bias.
        """
        ε = self.loc.new_empty(self._extended_shape(Size(sample_shape))).normal_()
        return sparsemax(self.loc + self.scale * ε)

    def log_prob(self, value: Tensor) -> Tensor:
        """Log mass at vertices, log density inside larger faces, in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        inside = value > 0
        m = inside.sum(-1).to(self.loc)
        # of N(τ; μᵢ - zᵢ, σᵢ²), the product over F is a Gaussian in τ with mean t, deviation s
        precision = (self.scale**-2).where(inside, 0.0)
        s = precision.sum(-1, keepdim=True).rsqrt()
        centre = self.loc - value
        t = s**2 * (precision * centre).sum(-1, keepdim=True)
        misfit = (precision * (centre - t) ** 2).sum(-1)
        log_σ = self.scale.log().where(inside, 0.0).sum(-1)
        log_product = s.squeeze(-1).log() - log_σ - 0.5 * misfit - (m - 1) * LOG_SQRT_2PI
        log_below = log_all_below((t - self.loc) / self.scale, s / self.scale, ~inside)
        return m.log() + log_product + log_below

    def face_probabilities(self) -> Tensor:
        """The probability of each row of `faces(K)`, `[*batch, 2ᴷ - 1]`, for K ≤ 3.

        What is left to the interior is 1 minus the others. For larger K, faces with more than two
        vertices need integrals in more dimensions; the vertices' are `log_prob` for any K.

        Raises:
            ValueError: K > 3.
        """
        K = self.event_shape[0]
        if K > 3:
            raise ValueError(f"face probabilities are for K ≤ 3, got {K}")
        known = [self.one_face(face) for face in faces(K, self.loc.device)[:-1].tolist()]
        rest = (1 - sum(known, torch.zeros_like(self.loc[..., 0]))).clamp(min=0)
        return torch.stack([*known, rest], -1)

    def one_face(self, face: list[bool]) -> Tensor:
        """The probability of a vertex, or of an edge of a triangle, `[*batch]`."""
        if sum(face) == 1:
            return self.log_prob(torch.tensor(face).to(self.loc)).exp()
        a, b, c = sorted(range(3), key=lambda i: not face[i])
        μ, v = self.loc.unbind(-1), (self.scale**2).unbind(-1)
        # the edge is |D| < 1 and G > 0, with D = x_a - x_b and G = (x_a + x_b - 1)/2 - x_c, both
        # Gaussian; v[a] v[b] / s² + v[c] is the variance of G given D
        s = (v[a] + v[b]).sqrt()
        mean_D, mean_G = μ[a] - μ[b], (μ[a] + μ[b] - 1) / 2 - μ[c]
        slope = (v[a] - v[b]) / (2 * s**2)
        deviation = (v[a] * v[b] / s**2 + v[c]).sqrt()
        alpha, beta = (mean_G - slope * mean_D) / deviation, slope / deviation
        log_i = log_gaussian_integral(alpha[..., None], beta[..., None], mean_D, s, -1, 1)
        return (log_i - s.log() - LOG_SQRT_2PI).exp()


def log_all_below(alpha: Tensor, slope: Tensor, outside: Tensor) -> Tensor:
    """log ∫ φ(x) ∏ⱼ Φ(αⱼ + βⱼ x) dx over the j outside the face, `[...]`."""
    if alpha.shape[-1] == 2:  # at most one factor: ∫ φ(x) Φ(α + β x) dx = Φ(α / √(1 + β²))
        return log_Phi(alpha / (1 + slope**2).sqrt()).where(outside, 0.0).sum(-1)
    alpha, slope = alpha.where(outside, torch.inf), slope.where(outside, 0.0)
    m = torch.zeros_like(alpha[..., 0])
    return log_gaussian_integral(alpha, slope, m, torch.ones_like(m)) - LOG_SQRT_2PI
