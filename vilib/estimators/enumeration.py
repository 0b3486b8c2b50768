"""The exact gradient, by summing over all values of z."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.contract import Estimator, evaluate
from vilib.exact.enumeration import event_values, impossible
from vilib.exact.expectation import weighted_sum

__all__ = ["Enumeration"]


class Enumeration(Estimator):
    """No sampling at all: the expectation is a finite sum, and autograd does the rest.

    Approximates: ∇ E_q[f(z)], without error; the surrogate's value is E_q[f(z)] itself.

    With: ∇ ∑_z q(z) f(z).

    Requires: discrete z with at most 2**20 values. f is called once with all of them, in the dtype
    that `q.sample` has. `num_samples` is ignored.

    Raises:
        ValueError: The support is not finite or too large, or f does not return `[N, B]`.

    Source: S. Mohamed, M. Rosca, M. Figurnov and A. Mnih, 2020, Monte Carlo Gradient Estimation in
        Machine Learning, https://arxiv.org/abs/1906.10652

    Example: E[z] = sigmoid(a) has derivative 1/4 at a = 0.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> a = torch.zeros(1, requires_grad=True)
        >>> surrogate = Enumeration()(Bernoulli(logits=a), lambda z: z)
        >>> surrogate.sum().backward()
        >>> surrogate.item(), a.grad.item()
        (0.5, 0.25)
    """

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The expectation itself, `[B]`."""
        values, batch = event_values(q), q.batch_shape  # [N, *event]
        N, event = values.shape[0], values.shape[1:]
        z = values.reshape(N, *(1,) * len(batch), *event).expand(N, *batch, *event)
        log_q = q.log_prob(z)
        log_q = log_q.masked_fill(impossible(q, z), -torch.inf)
        return weighted_sum(log_q, evaluate(q, f, z))
