"""The straight-through estimator for Bernoulli variables."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Bernoulli, Distribution

from vilib.estimators.contract import Estimator, evaluate, innermost

__all__ = ["StraightThroughBernoulli"]


class StraightThroughBernoulli(Estimator):
    """Sample 0 or 1 on the way forward; on the way back pretend that the sample was its mean.

    Approximates: ∇ E_q[f(z)], with a bias unless f is linear in each zᵢ given the others.

    With: 1/S ∑ₛ ∇ f(zₛ) with ∂zₛ/∂p := 1, p = q(z = 1); hence ∂zₛ/∂logit = p (1 - p).

    Requires: q a Bernoulli or `Independent` of it; f differentiable in z. f is called at 0 and 1
    only; its slope there stands for f(1) - f(0), and this is where the bias comes from.

    Raises:
        ValueError: q is not Bernoulli, or f does not return `[S, B]`.

    Source: Y. Bengio, N. Léonard and A. Courville, 2013, Estimating or Propagating Gradients
        Through Stochastic Neurons for Conditional Computation, https://arxiv.org/abs/1308.3432

    Example: E[z³] = p. The slope in p is 1, but straight-through reports E[3 z²] = 3 p.
        >>> import torch
        >>> _ = torch.manual_seed(1)
        >>> p = torch.tensor([0.2], requires_grad=True)
        >>> f = lambda z: z**3
        >>> StraightThroughBernoulli()(Bernoulli(p), f, num_samples=10_000).sum().backward()
        >>> bool(abs(p.grad - 0.6) < 0.1)
        True
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at hard samples with the soft samples' gradient, `[B]`."""
        base = innermost(q)
        if not isinstance(base, Bernoulli):
            raise ValueError(f"straight-through needs a Bernoulli, got {q}")
        p = base.probs
        # p - p is exactly 0: the value stays 0 or 1
        z = q.sample((num_samples,)) + (p - p.detach())
        return evaluate(q, f, z).mean(0)
