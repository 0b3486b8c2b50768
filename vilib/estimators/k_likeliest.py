"""The k likeliest values of a discrete distribution."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor
from torch.distributions import Distribution

from vilib.estimators.digits import from_digits, log_table
from vilib.estimators.rest import Rest
from vilib.sparse.k_best import k_best

__all__ = ["Likeliest", "k_likeliest"]


class Likeliest(NamedTuple):
    """The k likeliest values, likeliest first, and what is left.

    Attributes:
        values: `[n, B, *event]` in the dtype of q's samples; n = min(k, number of values).
        log_prob: log q of them, `[n, B]`, differentiable; -∞ where q gives them no mass.
        rest: q without them, to draw from.

    Example:
        >>> import torch
        >>> from torch.distributions import Categorical
        >>> top = k_likeliest(Categorical(torch.tensor([0.2, 0.7, 0.1])), k=1)
        >>> top.values, top.log_prob.exp(), top.rest.mass
        (tensor([1]), tensor([0.7000]), tensor(0.3000))
    """

    values: Tensor
    log_prob: Tensor
    rest: Rest


def k_likeliest(q: Distribution, k: int) -> Likeliest:
    """The k most probable values of one event of q, exactly, for every datapoint.

    Of one variable, the k greatest probabilities; of D independent ones, the k best joint
    configurations, found by dynamic programming over prefixes in O(D k K), never by enumeration.

    Args:
        q: Bernoulli, Categorical, OneHotCategorical, or `Independent` of these, batch shape `[B]`.
        k: How many. If there are fewer values, all are returned.

    Returns:
        The values `[n, B, *event]`, their log probabilities `[n, B]`, and the rest.

    Raises:
        ValueError: k < 1, or the support is not finite.

    Example: of 2⁵⁰ vectors of bits, the three likeliest.
        >>> import torch
        >>> from torch.distributions import Bernoulli, Independent
        >>> p = torch.tensor([0.9, 0.6] + [1e-4] * 48)
        >>> values, log_prob, _ = k_likeliest(Independent(Bernoulli(p), 1), k=3)
        >>> values[:, :4].tolist()
        [[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
        >>> log_prob.exp()
        tensor([0.5374, 0.3583, 0.0597])
    """
    log_p = log_table(q)  # [B, D, K]
    found = k_best(log_p, k)
    digits = found.digits.movedim(-2, 0)  # [n, B, D]
    n = digits.shape[0]
    chosen = log_p.expand(n, *log_p.shape).gather(-1, digits[..., None]).squeeze(-1)
    return Likeliest(from_digits(q, digits), chosen.sum(-1), Rest(q, found))
