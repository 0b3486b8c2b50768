"""The uniform distribution on a sphere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution

from vilib.distributions.constraints import unit_sphere

__all__ = ["HypersphericalUniform"]


class HypersphericalUniform(Distribution):
    """All directions of D-dimensional space are alike: the prior for a von Mises-Fisher posterior.

    q(z) = Γ(D/2) / (2 π^(D/2)) for z in S^(D-1), the vectors of length 1.

    Measure: log density with respect to the surface area of the sphere.

    Args:
        dim: D ≥ 2, the length of the vectors.
        batch_shape: `[*batch]`.
        dtype: Of the samples; by default torch's.
        device: Of the samples; by default torch's.
        validate_args: As in torch.

    Raises:
        ValueError: D < 2.

    Source: T. R. Davidson, L. Falorsi, N. De Cao, T. Kipf and J. M. Tomczak, 2018, Hyperspherical
        Variational Auto-Encoders, https://arxiv.org/abs/1804.00891

    Example: the area of the ordinary sphere is 4π.
        >>> p = HypersphericalUniform(3)
        >>> p.entropy().exp() / math.pi
        tensor(4.)
        >>> p.sample((5,)).norm(dim=-1)
        tensor([1., 1., 1., 1., 1.])
    """

    arg_constraints: ClassVar = {}
    support = unit_sphere
    has_rsample = True

    def __init__(
        self,
        dim: int,
        batch_shape: Size | Sequence[int] = (),
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if dim < 2:
            raise ValueError(f"a sphere needs at least 2 dimensions, got {dim}")
        self.origin = torch.zeros(dim, dtype=dtype, device=device)
        super().__init__(Size(batch_shape), Size([dim]), validate_args=validate_args)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.event_shape[0]}, {tuple(self.batch_shape)})"

    def expand(
        self, batch_shape: Size, _instance: HypersphericalUniform | None = None
    ) -> HypersphericalUniform:
        """The same distribution with a larger batch."""
        new = self._get_checked_instance(HypersphericalUniform, _instance)
        new.origin = self.origin
        super(HypersphericalUniform, new).__init__(
            Size(batch_shape), self.event_shape, validate_args=False
        )
        new._validate_args = self._validate_args
        return new

    def rsample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """Vectors of length 1, `[*sample_shape, *batch, D]`; nothing to differentiate."""
        z = self.origin.new_empty(self._extended_shape(Size(sample_shape))).normal_()
        return z / z.norm(dim=-1, keepdim=True)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        shape = torch.broadcast_shapes(value.shape[:-1], self.batch_shape)
        return -self.origin.new_tensor(self.log_area).expand(shape)

    def entropy(self) -> Tensor:
        """log area, in nats, `[*batch]`."""
        return self.origin.new_tensor(self.log_area).expand(self.batch_shape)

    @property
    def log_area(self) -> float:
        """log(2 π^(D/2) / Γ(D/2))."""
        D = self.event_shape[0]
        return math.log(2) + D / 2 * math.log(math.pi) - math.lgamma(D / 2)

    @property
    def mean(self) -> Tensor:
        """0, `[*batch, D]`."""
        return self.origin.expand(*self.batch_shape, -1)

    @property
    def variance(self) -> Tensor:
        """1/D in each coordinate, `[*batch, D]`."""
        return self.mean + 1 / self.event_shape[0]
