"""The Gumbel-softmax estimator, also known as the concrete relaxation."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate
from vilib.estimators.relaxation import relaxation_of

__all__ = ["GumbelSoftmax"]


class GumbelSoftmax(Estimator):
    """Replace the discrete sample by a soft one, and differentiate through it.

    Approximates: ∇ E_q[f(z)], with a bias that shrinks with τ while the variance grows.

    With: 1/S ∑ₛ ∇ f(sₛ), s = softmax((a + ε)/τ) with a the logits and ε Gumbel noise; for bits
    s = σ((a + ε)/τ) with logistic noise. The surrogate's value is the mean of f(s), not of f(z),
    and f's own parameters are trained at s too.

    Requires: q a Bernoulli or OneHotCategorical, or `Independent` of it; f differentiable in z, and
    defined between the values of z. Distributions inside f are therefore built with
    validate_args=False.

    Args:
        temperature: τ; may be set anew between calls, to anneal it.

    Raises:
        ValueError: q cannot be relaxed, τ is not positive, or f does not return `[S, B]`.

    Source: E. Jang, S. Gu and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144; C. J. Maddison, A. Mnih and Y. W. Teh, 2017, The Concrete
        Distribution: A Continuous Relaxation of Discrete Random Variables,
        https://arxiv.org/abs/1611.00712

    Example: f never sees a corner of the simplex.
        >>> import torch
        >>> from torch.distributions import OneHotCategorical
        >>> _ = torch.manual_seed(1)
        >>> q = OneHotCategorical(logits=torch.zeros(2, 3))
        >>> GumbelSoftmax(temperature=1.0)(q, lambda z: z.max(-1).values) < 1
        tensor([True, True])
    """

    def __init__(self, temperature: float = 0.5) -> None:
        if not temperature > 0:
            raise ValueError(f"the temperature must be positive, got {temperature}")
        self.temperature = temperature

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at soft samples, `[B]`."""
        relaxation = relaxation_of(q)
        z = relaxation.logits + relaxation.noise(num_samples)
        return evaluate(q, f, relaxation.soft(z, self.temperature)).mean(0)
