"""The pathwise (reparameterised) estimator."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate

__all__ = ["Pathwise"]


class Pathwise(Estimator):
    """Write the sample as a function of q's parameters and of noise, and differentiate through it.

    Approximates: ∇ E_q[f(z)].

    With: 1/S ∑ₛ ∇ f(g(εₛ)), where z = g(ε) has distribution q and the noise ε has no parameters.

    Requires: `q.has_rsample`, and f differentiable in z.

    Raises:
        ValueError: q has no reparameterised sampler, or f does not return `[S, B]`.

    Source: D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes,
        https://arxiv.org/abs/1312.6114; D. J. Rezende, S. Mohamed and D. Wierstra, 2014, Stochastic
        Backpropagation and Approximate Inference in Deep Generative Models,
        https://arxiv.org/abs/1401.4082

    Example: E[z²] = μ² + 1 has derivative 2μ.
        >>> import torch
        >>> from torch.distributions import Normal
        >>> _ = torch.manual_seed(1)
        >>> mu = torch.tensor([3.0], requires_grad=True)
        >>> Pathwise()(Normal(mu, 1.0), lambda z: z**2, num_samples=10_000).sum().backward()
        >>> bool(abs(mu.grad - 6) < 0.2)
        True
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at reparameterised samples, `[B]`."""
        if not q.has_rsample:
            raise ValueError(f"{q} has no rsample; a score-function estimator does without")
        return evaluate(q, f, q.rsample((num_samples,))).mean(0)
