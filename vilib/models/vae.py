"""The variational autoencoder: a network that tells, and one that guesses back."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.distributions import Independent, Normal

from vilib.bounds.rate_distortion import RateDistortion, rate_distortion
from vilib.models.pixel_likelihoods import (
    BernoulliPixels,
    ContinuousBernoulliPixels,
    GaussianPixels,
)

__all__ = ["VAE", "Pixels"]

Pixels = BernoulliPixels | ContinuousBernoulliPixels | GaussianPixels


class VAE(nn.Module):
    """Pictures of P pixels from D latent numbers.

        z ~ N(0, I),  x | z ~ pixels(g(z; θ)),  q(z | x) = N(μ(x; λ), diag σ²(x; λ))

    Args:
        num_pixels: P.
        num_latents: D.
        hidden: Width of the hidden layers.
        num_layers: Hidden layers of each network.
        pixels: How a pixel comes about; Bernoulli by default.

    Source: D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes,
        https://arxiv.org/abs/1312.6114; D. J. Rezende, S. Mohamed and D. Wierstra, 2014, Stochastic
        Backpropagation and Approximate Inference in Deep Generative Models,
        https://arxiv.org/abs/1401.4082

    Example:
        >>> model = VAE(num_pixels=64, num_latents=2, hidden=32)
        >>> x = torch.ones(5, 64)
        >>> model.posterior(x).rsample().shape, model.terms(x, num_samples=3).elbo.shape
        (torch.Size([5, 2]), torch.Size([5]))
    """

    def __init__(
        self,
        num_pixels: int,
        num_latents: int,
        hidden: int,
        num_layers: int = 1,
        pixels: Pixels | None = None,
    ) -> None:
        super().__init__()
        self.num_latents = num_latents
        self.encoder = perceptron(num_pixels, hidden, num_layers, 2 * num_latents)
        self.decoder = perceptron(num_latents, hidden, num_layers, num_pixels)
        self.pixels = pixels or BernoulliPixels()

    def posterior(self, x: Tensor) -> Independent:
        """q(z | x) for pictures `[B, P]`; batch shape `[B]`, event shape `[D]`."""
        # from 0 and 1 to -1 and 1: a network learns sooner from numbers around 0
        mean, log_variance = self.encoder(2 * x - 1).chunk(2, -1)
        return gaussian(mean, (0.5 * log_variance).exp())

    def prior(self) -> Independent:
        """N(0, I), batch shape `[]`."""
        zeros = next(self.decoder.parameters()).new_zeros(self.num_latents)
        return gaussian(zeros, torch.ones_like(zeros))

    def decode(self, z: Tensor) -> Tensor:
        """The mean picture at codes `[..., D]`: `[..., P]`."""
        return self.pixels.mean(self.decoder(z))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x | z) in nats: pictures `[B, P]`, codes `[S, B, D]` → `[S, B]`."""
        return self.pixels.log_prob(self.decoder(z), x)

    def log_joint(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x, z) in nats: pictures `[B, P]`, codes `[S, B, D]` → `[S, B]`."""
        return self.prior().log_prob(z) + self.log_likelihood(x, z)

    def terms(self, x: Tensor, num_samples: int = 1) -> RateDistortion:
        """Rate and distortion of pictures `[B, P]`, the KL in closed form, `[B]` each."""
        q = self.posterior(x)
        return rate_distortion(q, lambda z: self.log_likelihood(x, z), self.prior(), num_samples)


def gaussian(mean: Tensor, scale: Tensor) -> Independent:
    """N(mean, diag scale²) over the last axis; unchecked, because training makes thousands."""
    return Independent(Normal(mean, scale, validate_args=False), 1, validate_args=False)


def perceptron(inputs: int, hidden: int, num_layers: int, outputs: int) -> nn.Sequential:
    """Hidden layers with tanh, and a linear one."""
    widths = [inputs] + [hidden] * num_layers
    layers = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.Tanh())]
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))
