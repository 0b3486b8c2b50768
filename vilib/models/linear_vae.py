"""The linear VAE: small enough that log p(x), the posterior and the best parameters are known."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.distributions import Independent, MultivariateNormal

from vilib.models.vae import gaussian

__all__ = ["LinearVAE", "ppca"]


class LinearVAE(nn.Module):
    """A VAE whose two networks are matrices.

        z ~ N(0, I),  x | z ~ N(W z + b, s² I),  q(z | x) = N(V (x - b), diag t²)

    It is probabilistic PCA with an encoder, and everything is known in closed form:

        log p(x) = log N(x; b, W Wᵀ + s² I),  p(z | x) = N(M⁻¹ Wᵀ (x - b), s² M⁻¹),
        M = Wᵀ W + s² I

    Args:
        num_pixels: P.
        num_latents: D.

    Source: M. E. Tipping and C. M. Bishop, 1999, Probabilistic Principal Component Analysis,
        https://doi.org/10.1111/1467-9868.00196; J. Lucas, G. Tucker, R. Grosse and M. Norouzi,
        2019, Don't Blame the ELBO!, https://arxiv.org/abs/1911.02469

    Example: the bound is below log p(x).
        >>> _ = torch.manual_seed(1)
        >>> model, x = LinearVAE(num_pixels=6, num_latents=2), torch.randn(5, 6)
        >>> bool((model.elbo(x) < model.log_evidence(x)).all())
        True
    """

    def __init__(self, num_pixels: int, num_latents: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_pixels, num_latents) / num_pixels**0.5)
        self.offset = nn.Parameter(torch.zeros(num_pixels))
        self.log_scale = nn.Parameter(torch.zeros(()))
        self.encoder = nn.Parameter(torch.zeros(num_latents, num_pixels))
        self.log_posterior_scale = nn.Parameter(torch.zeros(num_latents))

    def posterior(self, x: Tensor) -> Independent:
        """q(z | x) for `[B, P]`; batch shape `[B]`, event shape `[D]`."""
        mean = (x - self.offset) @ self.encoder.T
        return gaussian(mean, self.log_posterior_scale.exp().expand_as(mean))

    def exact_posterior(self, x: Tensor) -> MultivariateNormal:
        """p(z | x) for `[B, P]`; batch shape `[B]`, event shape `[D]`."""
        W, variance = self.weight, (2 * self.log_scale).exp()
        identity = torch.eye(W.shape[1], dtype=W.dtype, device=W.device)
        M = W.T @ W + variance * identity
        mean = torch.linalg.solve(M, W.T @ (x - self.offset).T).T
        return MultivariateNormal(mean, variance * torch.linalg.inv(M))

    def log_evidence(self, x: Tensor) -> Tensor:
        """Log p(x) of `[B, P]` in nats, exactly, `[B]`."""
        W = self.weight
        noise = (2 * self.log_scale).exp() * torch.eye(len(W), dtype=W.dtype, device=W.device)
        return MultivariateNormal(self.offset, W @ W.T + noise).log_prob(x)

    def elbo(self, x: Tensor) -> Tensor:
        """The ELBO of `[B, P]` in nats, without sampling, `[B]`.

        E_q ‖x - b - W z‖² = ‖x - b - W m‖² + ∑_d t_d² ‖w_d‖²
        """
        m, t = self.posterior(x).mean, self.log_posterior_scale
        residual = (x - self.offset - m @ self.weight.T).square().sum(-1)
        spread = ((2 * t).exp() * self.weight.square().sum(0)).sum()
        log_2_pi_s2 = math.log(2 * math.pi) + 2 * self.log_scale
        distortion = 0.5 * (
            x.shape[-1] * log_2_pi_s2 + (residual + spread) * (-2 * self.log_scale).exp()
        )
        rate = 0.5 * (m.square() + (2 * t).exp() - 1 - 2 * t).sum(-1)
        return -distortion - rate


def ppca(x: Tensor, num_latents: int) -> tuple[Tensor, Tensor, Tensor]:
    """The maximum-likelihood parameters of the linear model, by a singular value decomposition.

        s² = mean of the P - D smallest eigenvalues of the covariance,
        W = U_D (Λ_D - s² I)^½,  b = the mean of the data

    Args:
        x: Data, `[N, P]`, of rank above D.
        num_latents: D < P.

    Returns:
        W `[P, D]`, determined up to a rotation of its columns; b `[P]`; s `[]`.

    Raises:
        ValueError: D is not below P.

    Source: M. E. Tipping and C. M. Bishop, 1999, Probabilistic Principal Component Analysis,
        https://doi.org/10.1111/1467-9868.00196

    Example: all but one direction is noise.
        >>> _ = torch.manual_seed(1)
        >>> x = torch.randn(4000, 1) @ torch.tensor([[3.0, 4.0, 0.0]]) + torch.randn(4000, 3)
        >>> W, b, s = ppca(x, 1)
        >>> f"{W.norm():.1f} {s:.1f}"
        '5.0 1.0'
    """
    if not 0 < num_latents < x.shape[1]:
        raise ValueError(f"{num_latents} latent dimensions for {x.shape[1]} pixels, expected fewer")
    b = x.mean(0)
    _, singular, Vt = torch.linalg.svd(x - b, full_matrices=False)
    eigenvalues = singular**2 / len(x)
    # the data may have fewer rows than pixels: eigenvalues that are not listed are 0
    variance = eigenvalues[num_latents:].sum() / (x.shape[1] - num_latents)
    scales = (eigenvalues[:num_latents] - variance).clamp(min=0).sqrt()
    return Vt[:num_latents].T * scales, b, variance.sqrt()
