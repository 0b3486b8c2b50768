"""Sticking the landing: the pathwise estimator without the score."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate

__all__ = ["StickingTheLanding"]


class StickingTheLanding(Estimator):
    """Differentiate -log q(z) through z alone: at the exact posterior no noise is left.

    Approximates: ∇ E_q[f(z)]; made for the ELBO's f(z) = log p(x, z) - log q(z).

    With: 1/S ∑ₛ ∇ f(g(εₛ)) + ∇ log q(zₛ), with z = g(ε) as in `Pathwise`, but fixed in log q(zₛ).
    This score has mean 0, so any f is served without bias. It cancels what -log q contributes
    besides its path; what is left, (∂/∂z)(log p(x, z) - log q(z)) ∂z/∂λ, is 0 for every sample once
    q(z) = p(z|x).

    Requires: `q.has_rsample`, and f differentiable in z. Where f has no term -log q(z), the added
    score cancels nothing and is only noise.

    Raises:
        ValueError: q has no reparameterised sampler, or f does not return `[S, B]`.

    Source: G. Roeder, Y. Wu and D. Duvenaud, 2017, Sticking the Landing: Simple, Lower-Variance
        Gradient Estimators for Variational Inference, https://arxiv.org/abs/1703.09194

    Example: q is the posterior of z ~ N(0, 1) and x ~ N(z, 1) at x = 2, which is N(1, 1/2).
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib.estimators import Pathwise
        >>> mean = torch.ones(1, requires_grad=True)
        >>> q, prior = Normal(mean, 0.5**0.5), Normal(0.0, 1.0)
        >>> x = torch.tensor(2.0)
        >>> def f(z):
        ...     return prior.log_prob(z) + Normal(z, 1.0).log_prob(x) - q.log_prob(z)
        >>> for estimator in (Pathwise(), StickingTheLanding()):
        ...     _ = torch.manual_seed(1)
        ...     (g,) = torch.autograd.grad(estimator(q, f).sum(), mean)
        ...     print(f"{abs(g.item()):.2f}")
        0.94
        0.00
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at reparameterised samples, `[B]`."""
        if not q.has_rsample:
            raise ValueError(f"{q} has no rsample; a score-function estimator does without")
        z = q.rsample((num_samples,))  # [S, B, *event]
        log_q = q.log_prob(z.detach())
        # x - x is exactly 0: the second term has a gradient and no value
        return (evaluate(q, f, z) + (log_q - log_q.detach())).mean(0)
