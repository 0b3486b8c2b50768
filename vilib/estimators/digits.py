"""A discrete distribution as D independent variables with K values each, and values as digits."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.distributions import Bernoulli, Categorical, Distribution, OneHotCategorical
from torch.nn.functional import logsigmoid

from vilib.estimators.contract import innermost
from vilib.exact.enumeration import event_values

__all__ = ["from_digits", "log_table", "to_digits"]


def log_table(q: Distribution) -> Tensor:
    """log q(zᵢ = v) of every variable and value, differentiable, `[*batch, D, K]`, in nats.

    One variable without `Independent` is D = 1. A probability that was given as exactly 0 has
    -∞ here, where torch's own `log_prob` says log eps ≈ -16 (float32).

    Args:
        q: Bernoulli, Categorical, OneHotCategorical, another distribution with
            `enumerate_support`, or `Independent` of these.

    Raises:
        ValueError: The support is not finite.

    Example:
        >>> log_table(Categorical(torch.tensor([0.5, 0.5, 0.0]))).tolist()
        [[-0.693..., -0.693..., -inf]]
    """
    base = innermost(q)
    if isinstance(base, Bernoulli):
        a, p = base.logits, base.probs
        log_p, p = torch.stack([logsigmoid(-a), logsigmoid(a)], -1), torch.stack([1 - p, p], -1)
    elif isinstance(base, Categorical | OneHotCategorical):
        log_p, p = base.logits, base.probs
    else:
        values = event_values(base)
        ones = (1,) * len(base.batch_shape)
        log_p = base.log_prob(values.reshape(len(values), *ones, *base.event_shape)).movedim(0, -1)
        p = log_p.exp()
    # a probability that only underflowed is less than half of eps; one that was clamped is eps
    half = math.log(torch.finfo(log_p.dtype).eps / 2)
    log_p = log_p.masked_fill((p == 0) & (log_p > half), -math.inf)
    D = math.prod(log_p.shape[len(q.batch_shape) : -1])
    return log_p.reshape(*q.batch_shape, D, log_p.shape[-1])


def from_digits(q: Distribution, digits: Tensor) -> Tensor:
    """The values `[..., *event]`, in the dtype of q's samples, from digits `[..., D]`.

    Example:
        >>> q = OneHotCategorical(logits=torch.zeros(3))
        >>> from_digits(q, torch.tensor([[2], [0]])).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    values = event_values(innermost(q))  # [K, ...]
    return values[digits].reshape(*digits.shape[:-1], *q.event_shape)


def to_digits(q: Distribution, z: Tensor) -> Tensor:
    """The digits `[..., D]` of values `[..., *event]`: the inverse of `from_digits`.

    Example:
        >>> q = OneHotCategorical(logits=torch.zeros(3))
        >>> to_digits(q, torch.tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])).tolist()
        [[2], [0]]
    """
    base, lead = innermost(q), z.shape[: z.dim() - len(q.event_shape)]
    if isinstance(base, Bernoulli | Categorical):
        return z.long().reshape(*lead, -1)
    if isinstance(base, OneHotCategorical):
        return z.argmax(-1).reshape(*lead, -1)
    values = event_values(base)
    values = values.reshape(len(values), -1)  # [K, E]
    z = z.reshape(*lead, -1, 1, values.shape[1])
    return (z == values).all(-1).long().argmax(-1)
