"""DReG: the doubly reparameterised gradient of the bound of several samples."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.log_mean_exp import log_mean_exp, normalised
from vilib.estimators.contract import Estimator, evaluate

__all__ = ["DReG"]


class DReG(Estimator):
    """The pathwise gradient of the IWAE bound, whose signal does not drown as samples are added.

    Approximates: ∇ of the IWAE bound E[log 1/S ∑ₛ wₛ], wₛ = exp f(zₛ), z₁, …, z_S ~ q, and not of
    E_q[f] (but for S = 1, where this is `StickingTheLanding`). f returns log weights,
    log p(x, z) - log q(z). The surrogate's value is L = log 1/S ∑ₛ wₛ; `exact.iwae` is its mean.

    With: ∑ₛ w̃ₛ² ∂f/∂z ∂zₛ/∂λ + w̃ₛ ∇ f(z) + w̃ₛ ∇ log q(z), where w̃ₛ = wₛ / ∑ᵣ wᵣ and both ∇ hold
    z = zₛ fixed. The last term cancels what -log q contributes besides its path: q's parameters are
    left with the first term, θ with the second, ∑ₛ w̃ₛ ∇ log p(x, zₛ).
    Why: the plain gradient of L has w̃ₛ ∂f/∂z ∂zₛ/∂λ + w̃ₛ ∇ f(z) and no third term. Reparameterised
    once more, the score becomes a path, E[w̃ₛ ∇ log q(z)] = E[∂w̃ₛ/∂zₛ ∂zₛ/∂λ], and
    ∂w̃ₛ/∂zₛ = w̃ₛ (1 - w̃ₛ) ∂f/∂z: what w̃ₛ² takes off the first term, the third one gives back.

    Requires: `q.has_rsample`, and f differentiable in z. Where f has no term -log q(z), the mean is
    still right, but the last term cancels nothing and is only noise. The z that f gets carries the
    weights w̃ₛ on its way back: compute nothing else from it.

    Raises:
        ValueError: q has no reparameterised sampler, or f does not return `[S, B]`.

    Source: G. Tucker, D. Lawson, S. Gu and C. J. Maddison, 2019, Doubly Reparameterized Gradient
        Estimators for Monte Carlo Objectives, https://arxiv.org/abs/1810.04152

    Example: q is the prior of z ~ N(0, 1) and x ~ N(z, 1), log p(x) = -2.266 at x = 2.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> _ = torch.manual_seed(1)
        >>> q = Normal(torch.zeros(20_000), 1.0)
        >>> f = lambda z: Normal(z, 1.0).log_prob(torch.tensor(2.0))  # the prior cancels q
        >>> for S in (1, 8, 64):
        ...     round(DReG()(q, f, num_samples=S).mean().item(), 1)
        -3.4
        -2.4
        -2.3
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The bound L, with DReG's gradient, `[B]`."""
        if not q.has_rsample:
            raise ValueError(f"{q} has no rsample; VIMCO does without")
        # a copy: transforms that cache would go round the hook
        z = q.rsample((num_samples,)).clone()  # [S, B, *event]
        if z.requires_grad:
            # L brings w̃ₛ to all that f depends on; on the way through z comes another one
            z.register_hook(lambda grad: grad * weights.reshape(*weights.shape, *event))
        log_w = evaluate(q, f, z)  # [S, B]
        event = [1] * (z.dim() - log_w.dim())
        weights = normalised(log_w.detach())
        log_q = q.log_prob(z.detach())
        score = (weights * (log_q - log_q.detach())).sum(0)
        return log_mean_exp(log_w) + score
