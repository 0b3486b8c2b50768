"""The straight-through estimator for categorical variables."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution, OneHotCategorical

from vilib.estimators.contract import Estimator, evaluate, innermost

__all__ = ["StraightThroughCategorical"]


class StraightThroughCategorical(Estimator):
    """Sample a one-hot row on the way forward; on the way back pretend that it was its mean.

    Approximates: ∇ E_q[f(z)], with a bias unless f is linear in each row given the others.

    With: 1/S ∑ₛ ∇ f(zₛ) with ∂z/∂p := 1, p = softmax(a) the mean of the row. All K entries of f's
    derivative reach the logits a, not only the one that was drawn.

    Requires: q a OneHotCategorical or `Independent` of it; f differentiable in z, which it sees at
    one-hot rows only.

    Raises:
        ValueError: q is not OneHotCategorical, or f does not return `[S, B]`.

    Source: Y. Bengio, N. Léonard and A. Courville, 2013, Estimating or Propagating Gradients
        Through Stochastic Neurons for Conditional Computation, https://arxiv.org/abs/1308.3432

    Example: for a linear f every draw gives the exact gradient.
        >>> import torch
        >>> a = torch.zeros(1, 2, requires_grad=True)
        >>> f = lambda z: z @ torch.tensor([1.0, 3.0])
        >>> StraightThroughCategorical()(OneHotCategorical(logits=a), f).sum().backward()
        >>> a.grad
        tensor([[-0.5000,  0.5000]])
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The mean of f at hard samples with their mean's gradient, `[B]`."""
        base = innermost(q)
        if not isinstance(base, OneHotCategorical):
            raise ValueError(
                f"straight-through needs one-hot rows, got {q}; "
                "write a Categorical as a OneHotCategorical"
            )
        p = base.probs
        # p - p is exactly 0: the value stays one-hot
        z = q.sample((num_samples,)) + (p - p.detach())
        return evaluate(q, f, z).mean(0)
