"""A distribution that is a list: some values and their probabilities, for every datapoint."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Categorical, Distribution, constraints

__all__ = ["Atoms"]


class Value(constraints.Constraint):
    """Any value; that the atoms are few makes the distribution discrete."""

    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        """False for NaN."""
        return value == value


class Atoms(Distribution):
    """q(z) = ∑ᵢ pᵢ 1[z = zᵢ], with other values zᵢ for each datapoint.

    Measure: mass (counting measure).

    Args:
        values: The atoms zᵢ, `[n, *batch, *event]`. Those with mass should differ from each other.
        probs: Their probabilities, `[n, *batch]`, differentiable; some may be exactly 0.
        validate_args: As in torch.

    Raises:
        ValueError: The shapes do not fit, or (unless `validate_args=False`) `probs` are not
            non-negative with sum 1.

    Example: two datapoints with two values of their own.
        >>> values = torch.tensor([[[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]]])
        >>> q = Atoms(values, torch.tensor([[0.25, 1.0], [0.75, 0.0]]))
        >>> q.batch_shape, q.event_shape, q.mode.tolist()
        (torch.Size([2]), torch.Size([2]), [[1.0, 0.0], [1.0, 1.0]])
        >>> q.log_prob(torch.tensor([1.0, 0.0])).exp()
        tensor([0.7500, 0.0000])
    """

    arg_constraints: ClassVar[dict[str, constraints.Constraint]] = {}

    def __init__(self, values: Tensor, probs: Tensor, validate_args: bool | None = None) -> None:
        if values.shape[: probs.dim()] != probs.shape:
            want, got = list(probs.shape), list(values.shape)
            raise ValueError(f"values must be {want} and event axes, as probs are, got {got}")
        self.values, self.probs = values, probs
        super().__init__(probs.shape[1:], values.shape[probs.dim() :], validate_args=validate_args)
        if self._validate_args and not constraints.simplex.check(probs.movedim(0, -1)).all():
            raise ValueError("probs must be non-negative and sum to 1 over the first axis")

    @constraints.dependent_property(is_discrete=True)
    def support(self) -> constraints.Constraint:
        """Any value: what is not among the atoms has log mass -∞."""
        return constraints.independent(Value(), len(self.event_shape))

    def sample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """Atoms, `[*sample_shape, *batch, *event]`."""
        shape = Size(sample_shape)
        p = self.probs.detach().movedim(0, -1)
        index = Categorical(p, validate_args=False).sample(Size([shape.numel()]))
        return self.pick(index).reshape(self._extended_shape(shape))

    def pick(self, index: Tensor) -> Tensor:
        """The atoms with these numbers, `[S, *batch]` → `[S, *batch, *event]`."""
        index = index.reshape(*index.shape, *(1,) * len(self.event_shape))
        return self.values.gather(0, index.expand(-1, *self.values.shape[1:]))

    def log_prob(self, value: Tensor) -> Tensor:
        """The log mass in nats, `[..., *batch]`; -∞ outside the support."""
        if self._validate_args:
            self._validate_sample(value)
        B, E = len(self.batch_shape), len(self.event_shape)
        same = value.unsqueeze(-1 - E) == self.values.movedim(0, B)  # [..., *batch, n, *event]
        same = same.flatten(-E).all(-1) if E else same
        return safe_log((self.probs.movedim(0, -1) * same).sum(-1))

    def entropy(self) -> Tensor:
        """-∑ p log p in nats, `[*batch]`, with 0 log 0 = 0."""
        log_p = safe_log(self.probs)
        return -(self.probs * log_p.where(self.probs > 0, 0.0)).sum(0)

    @property
    def mean(self) -> Tensor:
        """∑ᵢ pᵢ zᵢ, `[*batch, *event]`: of bits, their marginals."""
        p = self.probs.reshape(*self.probs.shape, *(1,) * len(self.event_shape))
        return (p * self.values).sum(0)

    @property
    def mode(self) -> Tensor:
        """The likeliest atom, `[*batch, *event]`."""
        return self.pick(self.probs.argmax(0, keepdim=True)).squeeze(0)

    def ranked(self) -> tuple[Tensor, Tensor]:
        """Values and probabilities, likeliest first."""
        order = self.probs.argsort(dim=0, descending=True, stable=True)
        return self.pick(order), self.probs.gather(0, order)

    def expand(self, batch_shape: Size | Sequence[int], _instance: object = None) -> Atoms:
        """The same with batch axes repeated, as in torch."""
        new, batch = copy.copy(self), Size(batch_shape)
        n, lead = len(self.probs), (1,) * (len(batch) - len(self.batch_shape))
        new.probs = self.probs.reshape(n, *lead, *self.batch_shape).expand(n, *batch)
        values = self.values.reshape(n, *lead, *self.values.shape[1:])
        new.values = values.expand(n, *batch, *self.event_shape)
        new._batch_shape = batch
        return new


def safe_log(p: Tensor) -> Tensor:
    """log p, -∞ at 0, whose gradient there is 0 and not NaN."""
    some = p > 0
    return p.where(some, 1.0).log().where(some, -torch.inf)
