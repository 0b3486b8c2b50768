"""log p(x) and p(z|x), from the joint at all points."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from vilib.exact.points import Points, per_point, weights_beside

__all__ = ["log_evidence", "posterior"]


def log_evidence(log_joint: Callable[[Tensor], Tensor], points: Points) -> Tensor:
    """log p(x) = log ∑_z p(x, z), or the integral over z, in nats.

    `log_joint` gets z `[N, *event]` *without* a batch axis, unlike that of `exact.elbo` with its
    `[N, B, *event]`: for B observations put x on a second axis, as in `z[:, None]` beside x `[B]`,
    and return `[N, B]`; written for the other convention, with N = B it would pair point n with
    datapoint n, and nothing would complain.

    Args:
        log_joint: z ↦ log p(x, z); maps `[N, *event]` to `[N]`, or to `[N, B]` for B observations.
        points: From `enumerate_support` or `quadrature`.

    Returns:
        log p(x), `[]` or `[B]`, float64, differentiable.

    Raises:
        ValueError: `log_joint` returns another shape.

    Example: z ~ N(0, 1), x ~ N(z, 1), so x ~ N(0, 2).
        >>> import torch
        >>> from torch.distributions import Normal
        >>> from vilib import exact
        >>> x = torch.tensor(1.0, dtype=torch.double)
        >>> def log_joint(z):
        ...     return Normal(0.0, 1.0).log_prob(z) + Normal(z, 1.0).log_prob(x)
        >>> gap = exact.log_evidence(log_joint, exact.quadrature(-12, 12)) - Normal(
        ...     0.0, 2**0.5
        ... ).log_prob(x)
        >>> bool(gap.abs() < 1e-7)
        True
    """
    return weighted(log_joint, points).logsumexp(0)


def posterior(log_joint: Callable[[Tensor], Tensor], points: Points) -> Tensor:
    """log p(z|x) = log p(x, z) - log p(x) at the points, in nats.

    `log_joint` gets z `[N, *event]` *without* a batch axis, unlike that of `exact.elbo` with its
    `[N, B, *event]`: for B observations put x on a second axis, as in `z[:, None]` beside x `[B]`,
    and return `[N, B]`; written for the other convention, with N = B it would pair point n with
    datapoint n, and nothing would complain.

    Args:
        log_joint: z ↦ log p(x, z); maps `[N, *event]` to `[N]` or `[N, B]`.
        points: From `enumerate_support` or `quadrature`.

    Returns:
        Log mass (enumeration) or log density (quadrature), `[N]` or `[N, B]`, float64.

    Raises:
        ValueError: `log_joint` returns another shape.

    Example: three coins, one of which was thrown and showed heads.
        >>> import torch
        >>> from torch.distributions import Categorical
        >>> from vilib import exact
        >>> heads = torch.tensor([0.2, 0.5, 0.8], dtype=torch.double)
        >>> prior = Categorical(torch.ones(3, dtype=torch.double))
        >>> points = exact.enumerate_support(prior)
        >>> exact.posterior(lambda z: prior.log_prob(z) + heads[z].log(), points).exp()
        tensor([0.1333, 0.3333, 0.5333], dtype=torch.float64)
    """
    terms = weighted(log_joint, points)
    return terms - weights_beside(points.log_weights, terms) - terms.logsumexp(0)


def weighted(log_joint: Callable[[Tensor], Tensor], points: Points) -> Tensor:
    """log p(x, zₙ) + log wₙ, `[N]` or `[N, B]`."""
    values = per_point("log_joint", log_joint(points.values), points)
    return values + weights_beside(points.log_weights, values)
