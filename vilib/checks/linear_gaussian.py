"""A small linear-Gaussian model whose evidence and posterior the checks know exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.distributions import Independent, MultivariateNormal, Normal

__all__ = ["LinearGaussian"]


class LinearGaussian(NamedTuple):
    """z ~ N(0, I), x | z ~ N(W z + b, s² I), float64.

    Attributes:
        weight: W, `[P, D]`.
        offset: b, `[P]`.
        scale: s, `[]`.
        x: Observations, `[B, P]`.
    """

    weight: Tensor
    offset: Tensor
    scale: Tensor
    x: Tensor

    @classmethod
    def draw(
        cls, seed: int, num_examples: int, num_pixels: int, num_latents: int
    ) -> LinearGaussian:
        """A random model with observations of its own.

        Example:
            >>> LinearGaussian.draw(seed=1, num_examples=2, num_pixels=5, num_latents=3).x.shape
            torch.Size([2, 5])
        """
        generator = torch.Generator().manual_seed(seed)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator, dtype=torch.double)

        W, b = normal(num_pixels, num_latents), normal(num_pixels)
        s = 0.4 + 0.3 * torch.rand((), generator=generator, dtype=torch.double)
        x = normal(num_examples, num_latents) @ W.T + b + s * normal(num_examples, num_pixels)
        return cls(W, b, s, x)

    def log_evidence(self) -> Tensor:
        """log p(x), `[B]`."""
        noise = self.scale**2 * torch.eye(len(self.offset), dtype=torch.double)
        return MultivariateNormal(self.offset, self.weight @ self.weight.T + noise).log_prob(self.x)

    def posterior(self) -> MultivariateNormal:
        """p(z | x), batch `[B]`."""
        W, s = self.weight, self.scale
        precision = torch.eye(W.shape[1], dtype=torch.double) + W.T @ W / s**2
        mean = torch.linalg.solve(precision, W.T @ (self.x - self.offset).T / s**2).T
        return MultivariateNormal(mean, precision_matrix=precision)

    def log_joint(self, z: Tensor) -> Tensor:
        """log p(x, z) by Bayes' rule from evidence and posterior, `[S, B, D]` → `[S, B]`."""
        return self.log_evidence() + self.posterior().log_prob(z)

    def elbo(self) -> Callable[[Tensor, Tensor], Tensor]:
        """The ELBO of N(mean, diag exp(2 log_scale)): log p(x) - KL(q ‖ p(z | x)).

        With posterior N(m, Λ⁻¹) the KL is
        ½ (∑ Λ_dd s_d² + (μ - m)ᵀ Λ (μ - m) - D - log det Λ) - ∑ log s_d.

        Returns:
            Maps mean and log scale, `[B, D]` each, to `[B]`; quick, for a thousand calls.
        """
        posterior, evidence = self.posterior(), self.log_evidence()
        m, precision = posterior.mean, posterior.precision_matrix[0]
        diagonal, half_log_det = precision.diagonal(), 0.5 * precision.logdet()

        def elbo(mean: Tensor, log_scale: Tensor) -> Tensor:
            """Per example."""
            off = mean - m
            square = ((off @ precision) * off).sum(-1)
            spread = (diagonal * (2 * log_scale).exp() - 1 - 2 * log_scale).sum(-1)
            return evidence - 0.5 * (spread + square) + half_log_det

        return elbo


def diagonal(mean: Tensor, scale: Tensor) -> Independent:
    """N(mean, diag scale²), batch `[B]`, event `[D]`."""
    return Independent(Normal(mean, scale), 1)
