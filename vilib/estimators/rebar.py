"""REBAR: the relaxed f as control variate of the score function."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.relaxed_control import RelaxedControl

__all__ = ["Rebar", "rebar_trained"]


class Rebar(RelaxedControl):
    """Gumbel-softmax, without its bias: the score function pays for the difference.

    Approximates: ∇ E_q[f(z)].

    With: 1/S ∑ₛ (f(z) - η f(s')) ∇ log q(z) + η ∇f(s) - η ∇f(s') + ∇f(z), with z = hard(y) and
    s = soft(y, τ) for one y = a + ε, and s' = soft(y', τ) for y' ~ p(y | z). ∇f(s) and ∇f(s') are
    derivatives along s and s' only. η = 0 is the plain score function.

    Requires: q a Bernoulli or OneHotCategorical, or `Independent` of it; f differentiable in z,
    also between the values of z, where f is called 2S times. Distributions inside f are therefore
    built with validate_args=False.

    It is unbiased for every τ and η. Its variance depends on both and can be larger than the plain
    score function's: for f = (z - .499)² at logit -1.5, τ = .5, η = 1 it is 1.63 times as large.

    Args:
        temperature: τ, at the start if it is trained.
        scale: η, at the start if it is trained.
        trained: Whether τ and η follow the gradient of the variance, one step a call.
        learning_rate: Of their optimiser.

    Raises:
        ValueError: q cannot be relaxed, τ is not positive, or f does not return `[S, B]`.

    Source: G. Tucker, A. Mnih, C. J. Maddison, J. Lawson and J. Sohl-Dickstein, 2017, REBAR:
        Low-variance, unbiased gradient estimates for discrete latent variable models,
        https://arxiv.org/abs/1703.07370

    Example: E[z²] = p has derivative p (1 - p) = 1/4 at logit 0.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(10_000, requires_grad=True)
        >>> Rebar()(Bernoulli(logits=a), lambda z: z**2).sum().backward()
        >>> bool(abs(a.grad.mean() - 0.25) < 0.01)
        True
    """

    def control(self, q: Distribution, f: Callable[[Tensor], Tensor], s: Tensor) -> Tensor:
        """η f(s), `[S, B]`."""
        return self.scale * self.relaxed_values(q, f, s)


def rebar_trained(
    temperature: float = 0.5, scale: float = 1.0, learning_rate: float = 1e-2
) -> Rebar:
    """REBAR with trained τ and η."""
    return Rebar(temperature, scale, trained=True, learning_rate=learning_rate)
