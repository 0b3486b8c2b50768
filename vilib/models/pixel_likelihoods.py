"""How a pixel comes about, given what the decoder says of it: p(xᵢ | z), and its log density."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.distributions import Normal
from torch.nn.functional import softplus

__all__ = ["BernoulliPixels", "ContinuousBernoulliPixels", "GaussianPixels", "log_normaliser"]


class BernoulliPixels(nn.Module):
    """Ink or paper: xᵢ | z ~ Bernoulli(σ(aᵢ)), for zeros and ones.

        log p(x | z) = ∑ᵢ xᵢ aᵢ - log(1 + exp aᵢ)

    The formula gives a number for greys too, and it is no log density: see `log_normaliser`.

    Example:
        >>> BernoulliPixels().log_prob(torch.zeros(2, 3), torch.tensor([0.0, 1.0, 1.0]))
        tensor([-2.0794, -2.0794])
    """

    def log_prob(self, a: Tensor, x: Tensor) -> Tensor:
        """Log p(x | z) in nats, from what the decoder says `[..., P]` and pixels `[..., P]`.

        Returns:
            Summed over pixels, `[...]`.
        """
        return (x * a - softplus(a)).sum(-1)

    def mean(self, a: Tensor) -> Tensor:
        """E[x | z], `[..., P]`."""
        return a.sigmoid()


class ContinuousBernoulliPixels(nn.Module):
    """Greys between 0 and 1: the Bernoulli formula, divided by its integral.

        log p(x | z) = ∑ᵢ xᵢ aᵢ - log(1 + exp aᵢ) + log C(aᵢ)

    `torch.distributions.ContinuousBernoulli` has the same density, but holds C where it is at
    logits of ±16; a pixel that is nearly always paper goes further than that.

    Source: G. Loaiza-Ganem and J. P. Cunningham, 2019, The Continuous Bernoulli: Fixing a Pervasive
        Error in Variational Autoencoders, https://arxiv.org/abs/1907.06845

    Example: with a = 0 it is the uniform density.
        >>> ContinuousBernoulliPixels().log_prob(torch.zeros(3), torch.rand(3))
        tensor(0.)
    """

    def log_prob(self, a: Tensor, x: Tensor) -> Tensor:
        """Log p(x | z) in nats, from what the decoder says `[..., P]` and greys `[..., P]`.

        Returns:
            Summed over pixels, `[...]`.
        """
        return (x * a - softplus(a) + log_normaliser(a)).sum(-1)

    def mean(self, a: Tensor) -> Tensor:
        """E[x | z] = 1/2 coth(a/2) - 1/a + 1/2, `[..., P]`; it is not σ(a)."""
        near = a.abs() < 1e-2
        b = torch.where(near, torch.ones_like(a), a)
        return 0.5 + torch.where(near, a / 12, 0.5 / torch.tanh(b / 2) - 1 / b)


class GaussianPixels(nn.Module):
    """Any real number: xᵢ | z ~ N(σ(aᵢ), s²), one standard deviation s for all pixels, learned.

    Args:
        scale: Where s starts.

    Example:
        >>> pixels = GaussianPixels(scale=1.0)
        >>> pixels.log_prob(torch.zeros(1), torch.tensor([0.5])).item()
        -0.9189
    """

    def __init__(self, scale: float = 0.2) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(math.log(scale)))

    def log_prob(self, a: Tensor, x: Tensor) -> Tensor:
        """Log p(x | z) in nats, from what the decoder says `[..., P]` and pixels `[..., P]`.

        Returns:
            Summed over pixels, `[...]`.
        """
        return Normal(self.mean(a), self.log_scale.exp(), validate_args=False).log_prob(x).sum(-1)

    def mean(self, a: Tensor) -> Tensor:
        """E[x | z], `[..., P]`."""
        return a.sigmoid()


def log_normaliser(a: Tensor) -> Tensor:
    """Log C(a), what the Bernoulli formula lacks to be a density on [0, 1].

        1 / C(a) = ∫₀¹ σ(a)ˣ (1 - σ(a))¹⁻ˣ dx = tanh(a/2) / a,  and 1/2 at a = 0

    Args:
        a: Logits, `[...]`, of any size.

    Returns:
        `[...]`, at least log 2.

    Example: a pixel in doubt has half the mass that a density needs.
        >>> log_normaliser(torch.tensor([0.0, 10.0])).exp()
        tensor([ 2.0000, 10.0009])
    """
    # the quotient is 0/0 at 0; its series there is exact to 1e-10 in this neighbourhood
    near = a.abs() < 1e-2
    b = torch.where(near, torch.ones_like(a), a)
    return torch.where(near, math.log(2) + a**2 / 12, (b / torch.tanh(b / 2)).log())
