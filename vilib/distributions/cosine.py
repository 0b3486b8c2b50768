"""The cosine between a von Mises-Fisher vector and its mean direction: samples with a gradient."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Beta

from vilib.distributions.bessel import log_bessel
from vilib.distributions.unit_interval import unit_rule

__all__ = ["rsample_cosine"]

NODES = 64  # of the Gauss-Legendre rule behind the gradient


def rsample_cosine(concentration: Tensor, dim: int) -> Tensor:
    """w = μᵀz with density q(w) ∝ e^(κw) (1 - w²)^((D-3)/2), differentiable in κ.

    Args:
        concentration: κ ≥ 0, any shape, float64.
        dim: D ≥ 2.

    Returns:
        w in (-1, 1), of the same shape, float64, once differentiable.

    Source: A. T. A. Wood, 1994, Simulation of the von Mises Fisher distribution,
        https://doi.org/10.1080/03610919408813161; M. Figurnov, S. Mohamed and A. Mnih, 2018,
        Implicit Reparameterization Gradients, https://arxiv.org/abs/1805.08498

    Example: uniform on the sphere, the cosine is uniform on (-1, 1).
        >>> _ = torch.manual_seed(1)
        >>> w = rsample_cosine(torch.zeros(10_000, dtype=torch.double), 3)
        >>> bool(abs((w < 0.5).double().mean() - 0.75) < 0.02)
        True
    """
    κ = concentration.detach()
    w = sample_cosine(κ, dim)
    if not (concentration.requires_grad and torch.is_grad_enabled()):
        return w
    # x - x is exactly 0: the value of the sample, the implicit gradient
    return w + cosine_slope(w, κ, dim) * (concentration - κ)


@torch.no_grad()
def sample_cosine(κ: Tensor, D: int) -> Tensor:
    """w by rejection; about two proposals in three are accepted, or more, whatever κ and D."""
    κ, shape = κ.flatten(), κ.shape
    d = D - 1
    b = d / (2 * κ + (4 * κ**2 + d**2).sqrt())
    x = (1 - b) / (1 + b)
    c = κ * x + d * torch.log1p(-(x**2))
    half = torch.tensor(d / 2, dtype=κ.dtype, device=κ.device)
    proposal = Beta(half, half, validate_args=False)
    w, left = torch.empty_like(κ), torch.arange(len(κ), device=κ.device)
    while len(left):
        bₗ, xₗ = b[left], x[left]
        ε = proposal.sample(left.shape)
        wₗ = (1 - (1 + bₗ) * ε) / (1 - (1 - bₗ) * ε)
        bound = κ[left] * wₗ + d * torch.log1p(-xₗ * wₗ) - c[left]
        # not ≥: a NaN would be proposed for ever
        accepted = ~(bound < torch.rand_like(ε).log())
        w[left[accepted]] = wₗ[accepted]
        left = left[~accepted]
    edge = 1 - torch.finfo(w.dtype).eps / 2
    return w.clamp(-edge, edge).reshape(shape)


@torch.no_grad()
def cosine_slope(w: Tensor, κ: Tensor, D: int) -> Tensor:
    """dw/dκ at fixed cdf, of w's shape.

    In the angle, w = cos φ, with p(θ) = e^(κ cos θ) sinᴰ⁻²θ up to a constant and A = E[cos θ],

        dw/dκ = (sin φ / p(φ)) ∫₀ᵠ (cos θ - A) p(θ) dθ = -(sin φ / p(φ)) ∫ᵩ^π (cos θ - A) p(θ) dθ.

    Of the two integrals the one that leads downhill, away from the mode, is computed; θ = φ + L u²
    puts the nodes where p is large. Five digits are right up to κ = 10⁴.
    """
    A = κ * log_bessel(D / 2 - 1, κ)[1]
    φ = w.acos()
    mode = 2 * κ / (D - 2 + ((D - 2) ** 2 + 4 * κ**2).sqrt()).clamp(min=1e-300)
    L = torch.where(w > mode, -φ, torch.pi - φ)
    u, weight = unit_rule(NODES, w)
    θ = φ[..., None] + L[..., None] * u**2  # [..., N]
    cosθ, sinθ = θ.cos(), θ.sin()
    fall = κ[..., None] * (cosθ - w[..., None])
    if D > 2:
        fall = fall + (D - 2) * (sinθ.abs() / φ.sin()[..., None]).log()
    integrand = (cosθ - A[..., None]) * fall.exp()
    return -φ.sin() * L * (2 * weight * u * integrand).sum(-1)
