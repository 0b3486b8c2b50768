"""VIMCO: the score function for the bound of several samples."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.log_mean_exp import log_mean_exp
from vilib.estimators.contract import Estimator, evaluate

__all__ = ["VIMCO"]


class VIMCO(Estimator):
    """Credit each sample with what it adds to the bound that the others would have reached alone.

    Approximates: ∇ of the IWAE bound E[log 1/S ∑ₛ wₛ], wₛ = exp f(zₛ), z₁, …, z_S ~ q, and not of
    E_q[f]. f returns log weights, log p(x, z) - log q(z). The surrogate's value is
    L = log 1/S ∑ₛ wₛ; `exact.iwae` is its mean.

    With: ∑ₛ (L - L₋ₛ) ∇ log q(zₛ) + ∑ₛ w̃ₛ ∇ f(zₛ), w̃ₛ = wₛ / ∑ᵣ wᵣ. L₋ₛ is L with the geometric
    mean of the others in place of wₛ, so it does not depend on zₛ and costs no evaluation of f.

    Requires: q.log_prob differentiable in its parameters; nothing of f; S ≥ 2; discrete or
    continuous z (where z can be reparameterised, `DReG` has less variance).

    Raises:
        ValueError: One sample only, or f does not return `[S, B]`.

    Source: A. Mnih and D. J. Rezende, 2016, Variational Inference for Monte Carlo Objectives,
        https://arxiv.org/abs/1602.06725; the bound: Y. Burda, R. Grosse and R. Salakhutdinov, 2016,
        Importance Weighted Autoencoders, https://arxiv.org/abs/1509.00519

    Example: q is uniform over two values, the posterior is not; log p(x) = log 4 = 1.386.
        >>> from torch.distributions import Bernoulli
        >>> _ = torch.manual_seed(1)
        >>> q = Bernoulli(logits=torch.zeros(20_000))
        >>> log_weight = lambda z: (1 + 2 * z).log() - q.log_prob(z)  # p(x, z) is 1 or 3
        >>> for S in (2, 8):
        ...     round(VIMCO()(q, log_weight, num_samples=S).mean().item(), 2)
        1.31
        1.37
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The bound L, with VIMCO's gradient, `[B]`."""
        if num_samples < 2:
            raise ValueError("VIMCO needs num_samples of at least 2")
        # a copy: transforms that cache would know the sample again, and where it came from
        z = q.sample((num_samples,)).clone()  # [S, B, *event]
        log_w = evaluate(q, f, z)  # [S, B]
        # ∇ E[L] = E[L ∇ log q(z₁, …, z_S) + ∇ L]. The samples are independent, so the first term is
        # ∑ₛ L ∇ log q(zₛ), a sum and not a mean. L₋ₛ is the same whatever zₛ is, and the score has
        # mean 0: E[L₋ₛ ∇ log q(zₛ)] = 0, so L - L₋ₛ serves as well as L. Autograd makes the second
        # term, ∇ L = ∑ₛ w̃ₛ ∇ f(zₛ), of L itself.
        bound, others = log_mean_exp(log_w), bounds_without(log_w.detach())
        # others that are all impossible have no bound: 0 does not depend on zₛ either
        advantage = bound.detach() - others.where(others > -torch.inf, 0.0)  # [S, B]
        advantage = advantage.where(bound > -torch.inf, 0.0)
        log_q = q.log_prob(z)
        return bound + (advantage * (log_q - log_q.detach())).sum(0)


def bounds_without(log_w: Tensor) -> Tensor:
    """L₋ₛ for each s, `[S, B]`: the geometric mean of the other weights in place of the s-th."""
    S = log_w.shape[0]
    own = torch.eye(S, dtype=torch.bool, device=log_w.device)  # [S left out, S]
    own = own.reshape(S, S, *[1] * (log_w.dim() - 1))
    # taking wₛ off a sum would leave rounding errors where it is all of the sum: it is left out
    geometric = torch.where(own, 0, log_w).sum(1, keepdim=True) / (S - 1)  # [S, 1, B]
    return torch.where(own, geometric, log_w).logsumexp(1) - math.log(S)
