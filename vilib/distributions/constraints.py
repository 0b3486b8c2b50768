"""Supports that torch has no name for."""

from __future__ import annotations

from torch import Tensor
from torch.distributions.constraints import Constraint

__all__ = ["unit_sphere", "zero_or"]


class _UnitSphere(Constraint):
    """Vectors of length 1, up to rounding."""

    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        """Whether each vector `[..., D]` has length 1, `[...]`."""
        slack = {2: 1e-2, 4: 1e-5}.get(value.element_size(), 1e-6)
        return (value.norm(dim=-1) - 1).abs() < slack


class zero_or(Constraint):
    """0, or a number that another constraint allows.

    Args:
        other: The constraint on numbers that are not 0.

    Example:
        >>> import torch
        >>> from torch.distributions.constraints import greater_than
        >>> zero_or(greater_than(1.0)).check(torch.tensor([0.0, 0.5, 2.0]))
        tensor([ True, False,  True])
    """

    def __init__(self, other: Constraint) -> None:
        self.other = other

    def check(self, value: Tensor) -> Tensor:
        """Whether each number is allowed, of value's shape."""
        return (value == 0) | self.other.check(value)


unit_sphere = _UnitSphere()
