"""Straight-through Gumbel-softmax."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate
from vilib.estimators.relaxation import relaxation_of

__all__ = ["GumbelStraightThrough"]


class GumbelStraightThrough(Estimator):
    """Hard samples on the way forward; on the way back their soft twins, made of the same noise.

    Approximates: ∇ E_q[f(z)], with a bias even for a linear f, because E[s] is not E[z].

    With: 1/S ∑ₛ ∇ f(zₛ) with ∂z/∂a := ∂s/∂a; z = hard(a + ε) and s = soft(a + ε, τ), a the logits
    and ε Gumbel noise (logistic for bits).

    Requires: q a Bernoulli or OneHotCategorical, or `Independent` of it; f differentiable in z. f
    is called at values of z only.

    Args:
        temperature: τ; may be set anew between calls, to anneal it.

    Raises:
        ValueError: q cannot be relaxed, τ is not positive, or f does not return `[S, B]`.

    Source: E. Jang, S. Gu and B. Poole, 2017, Categorical Reparameterization with Gumbel-Softmax,
        https://arxiv.org/abs/1611.01144, section 2.2

    Example: f sees one-hot rows, and the gradient is that of soft ones.
        >>> import torch
        >>> from torch.distributions import OneHotCategorical
        >>> _ = torch.manual_seed(1)
        >>> a = torch.zeros(1, 3, requires_grad=True)
        >>> f = lambda z: z @ torch.tensor([1.0, 2.0, 3.0])
        >>> surrogate = GumbelStraightThrough()(OneHotCategorical(logits=a), f)
        >>> surrogate.sum().backward()
        >>> surrogate.item() in (1.0, 2.0, 3.0), a.grad.abs().min().item() > 0
        (True, True)
    """

    def __init__(self, temperature: float = 0.5) -> None:
        if not temperature > 0:
            raise ValueError(f"the temperature must be positive, got {temperature}")
        self.temperature = temperature

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at hard samples with the soft samples' gradient, `[B]`."""
        relaxation = relaxation_of(q)
        z = relaxation.logits + relaxation.noise(num_samples)
        s = relaxation.soft(z, self.temperature)
        # s - s is exactly 0: the value stays hard
        return evaluate(q, f, relaxation.hard(z) + (s - s.detach())).mean(0)
