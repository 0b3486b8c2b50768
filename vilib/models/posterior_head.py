"""The last layer of an inference network: from features to a distribution, and its prior."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal

from vilib.distributions import HypersphericalUniform, VonMisesFisher

__all__ = ["GaussianHead", "SphereHead"]


class GaussianHead(nn.Module):
    """q(z | x) = N(μ(x), diag σ²(x)), with the prior N(0, I).

    Args:
        features: Width of what it reads.
        code_size: D.

    Example:
        >>> head = GaussianHead(features=3, code_size=2)
        >>> head(torch.zeros(5, 3)).rsample().shape
        torch.Size([5, 2])
    """

    def __init__(self, features: int, code_size: int) -> None:
        super().__init__()
        self.layer = nn.Linear(features, 2 * code_size)
        self.code_size = code_size

    def forward(self, h: Tensor) -> Independent:
        """q for features `[B, F]`; batch shape `[B]`, event shape `[D]`."""
        mean, log_variance = self.layer(h).chunk(2, dim=-1)
        return Independent(Normal(mean, (0.5 * log_variance).exp()), 1)

    def prior(self) -> Independent:
        """N(0, I), batch shape `[]`."""
        zeros = self.layer.weight.new_zeros(self.code_size)
        return Independent(Normal(zeros, torch.ones_like(zeros)), 1)


class SphereHead(nn.Module):
    """q(z | x) = vMF(μ(x), κ) on the sphere, κ fixed, with the uniform prior.

    The rate is the same number for every x, known before training: it depends on κ and D alone. So
    it cannot vanish, and nothing has to be annealed; κ is the choice that β is elsewhere.

    Args:
        features: Width of what it reads.
        code_size: D ≥ 2.
        concentration: κ.

    Source: J. Xu and G. Durrett, 2018, Spherical Latent Spaces for Stable Variational
        Autoencoders, https://arxiv.org/abs/1808.10805

    Example:
        >>> from torch.distributions import kl_divergence
        >>> head = SphereHead(features=3, code_size=16, concentration=20.0)
        >>> q = head(torch.randn(5, 3))
        >>> rate = kl_divergence(q, head.prior().expand(q.batch_shape))
        >>> torch.allclose(rate, rate[0].expand(5))
        True
    """

    def __init__(self, features: int, code_size: int, concentration: float) -> None:
        super().__init__()
        self.layer = nn.Linear(features, code_size)
        self.code_size, self.concentration = code_size, concentration

    def forward(self, h: Tensor) -> VonMisesFisher:
        """q for features `[B, F]`; batch shape `[B]`, event shape `[D]`."""
        direction = nn.functional.normalize(self.layer(h), dim=-1)
        return VonMisesFisher(direction, direction.new_full((len(h),), self.concentration))

    def prior(self) -> HypersphericalUniform:
        """The uniform distribution, batch shape `[]`."""
        weight = self.layer.weight
        return HypersphericalUniform(self.code_size, dtype=weight.dtype, device=weight.device)
