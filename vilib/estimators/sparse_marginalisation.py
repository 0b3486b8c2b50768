"""Exact expectations under distributions that give most values no mass."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Distribution

from vilib.distributions.atoms import Atoms
from vilib.estimators.contract import Estimator, evaluate
from vilib.estimators.digits import log_table
from vilib.estimators.k_likeliest import k_likeliest
from vilib.exact.points import guard

__all__ = ["SparseMarginalisation"]


class SparseMarginalisation(Estimator):
    """No sampling: where few values have mass, the expectation is a short sum.

    Approximates: ∇ E_q[f(z)], without error; the surrogate's value is E_q[f(z)] itself.

    With: ∇ ∑_{z: q(z)>0} q(z) f(z). f is never asked about a value without mass: shorter supports
    in a batch are padded with the likeliest value, at weight 0.

    Requires: a discrete q. With probabilities that are exactly 0 (`SparseCategorical`,
    `TopKSparsemax`, `SparseMAP`) the sum is short; any other q is enumerated, up to 2**20 values.
    `num_samples` is ignored.

    Attributes:
        evaluations: The size of each datapoint's support at the last call, `[B]`: how many
            evaluations of f it needed.
        calls: Their sum over all calls since the last `reset`.

    Args:
        k: At most so many values are summed, the likeliest, with their probabilities scaled to sum
            to 1. None for all. Where a support is larger the estimate is biased.

    Raises:
        ValueError: k < 1, the support is not finite or too large, or f does not return `[n, B]`.

    Source: G. M. Correia, V. Niculae, W. Aziz and A. F. T. Martins, 2020, Efficient Marginalization
        of Discrete and Structured Latent Variables via Sparsity, https://arxiv.org/abs/2007.01919

    Example: two of four values have mass, in the second datapoint one.
        >>> from vilib.distributions import SparseCategorical
        >>> scores = torch.tensor([[1.0, 0.5, -1.0, 0.0], [3.0, 0.0, 0.0, 0.0]])
        >>> estimator = SparseMarginalisation()
        >>> estimator(SparseCategorical(scores), lambda z: 1.0 + z)
        tensor([1.2500, 1.0000])
        >>> estimator.evaluations, estimator.calls
        (tensor([2, 1]), 3)
    """

    def __init__(self, k: int | None = None) -> None:
        if k is not None and k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        self.k = k
        self.reset()

    def reset(self) -> None:
        """Set both counts back."""
        self.evaluations, self.calls = None, 0

    def __call__(
        self, q: Distribution, f: Callable[[Tensor], Tensor], num_samples: int = 1
    ) -> Tensor:
        """The expectation itself, `[B]`."""
        z, p = with_mass(q, self.k)  # [n, B, *event], [n, B]
        some = p > 0
        self.evaluations = some.sum(0)
        self.calls += int(self.evaluations.sum())
        values = evaluate(q, f, z)
        return (p * values.where(some, 0.0)).sum(0)


def with_mass(q: Distribution, k: int | None) -> tuple[Tensor, Tensor]:
    """The values with mass, or the k likeliest of them, `[n, B, *event]`, and their mass `[n, B]`.

    n is the size of the largest support; shorter ones go on with the likeliest value at mass 0.
    """
    if isinstance(q, Atoms):
        z, p = q.ranked()
        n = int((p > 0).sum(0).max())
        z, p = z[: min(n, k or n)], p[: min(n, k or n)]
    else:
        n = most_values(log_table(q))
        n = min(n, k or n)
        guard(n, "the support of q")
        z, log_p, _ = k_likeliest(q, n)
        p = log_p.exp()
    z = torch.where((p > 0).reshape(*p.shape, *(1,) * len(q.event_shape)), z, z[:1])
    return z, p if k is None else p / p.sum(0)


def most_values(log_p: Tensor) -> int:
    """How many values have mass, in the datapoint that has most of them, from `[B, D, K]`."""
    D = log_p.shape[-2]
    counts = (log_p > -torch.inf).sum(-1).reshape(-1, D).tolist()
    # whole numbers of any size: 2¹⁰⁰ must be refused, not overflow
    return max(math.prod(row) for row in counts)
