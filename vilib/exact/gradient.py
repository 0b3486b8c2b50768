"""The exact gradient of an expectation."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.exact.expectation import expectation
from vilib.exact.points import Points

__all__ = ["gradient"]


def gradient(
    q: Distribution,
    f: Callable[[Tensor], Tensor],
    parameters: Iterable[Tensor],
    points: Points | None = None,
) -> tuple[Tensor, ...]:
    """∇ ∑_b E_q[f(z)]_b with respect to each parameter, the direct dependence of f included.

    Args:
        q: Batch shape `[B]` (or `[]`).
        f: Maps z `[N, B, *event]` to `[N, B]`; may depend on parameters too.
        parameters: Tensors that require a gradient, of q, of f, or of both.
        points: Where to sum; by default all values of q's event.

    Returns:
        One gradient per parameter, of its shape and dtype; zeros where nothing depends on it.

    Raises:
        ValueError: f returns another shape than `[N, B]`, or more than 2**20 points.

    Example: E[z] = sigmoid(a) has derivative 1/4 at a = 0.
        >>> from torch.distributions import Bernoulli
        >>> a = torch.zeros(1, dtype=torch.double, requires_grad=True)
        >>> gradient(Bernoulli(logits=a), lambda z: z, [a])
        (tensor([0.2500], dtype=torch.float64),)
    """
    parameters = list(parameters)
    total = expectation(q, f, points).sum()
    if not total.requires_grad:
        return tuple(torch.zeros_like(p) for p in parameters)
    # q was built by the caller, who may ask again: its graph must survive
    return torch.autograd.grad(
        total, parameters, retain_graph=True, allow_unused=True, materialize_grads=True
    )
