"""Layers with few parameters, of their own or handed over for each datapoint by an encoder."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Self

from torch import Tensor, nn

from vilib.flows.bijection import Bijection

__all__ = ["MIN_SLOPE", "Parametrised"]

# a layer never squeezes by more than this: float32 could not tell it from one that folds
MIN_SLOPE = 1e-3


class Parametrised(Bijection):
    """A layer that is built from tensors of parameters, all with the same batch shape.

    - `Planar(u, w, b)` uses the tensors it is given, `[*event]` or one per datapoint,
      `[B, *event]`. An `nn.Parameter` among them becomes a parameter of the layer.
    - `Planar.learnable(dim)` makes parameters of its own, near those of the identity.
    - `Planar.unpack(vector, dim)` cuts them out of a vector `[B, size]` that an encoder returned.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        section 4, https://arxiv.org/abs/1505.05770

    Example: the parameters of one planar layer in two dimensions.
        >>> from vilib.flows import Planar
        >>> Planar.size(2), sum(p.numel() for p in Planar.learnable(2).parameters())
        (5, 5)
    """

    @classmethod
    @abstractmethod
    def shapes(cls, dim: int) -> dict[str, tuple[int, ...]]:
        """Name and event shape of each parameter."""

    @classmethod
    @abstractmethod
    def initial(cls, dim: int) -> dict[str, Tensor]:
        """Parameters near those of the identity, drawn anew."""

    @classmethod
    def learnable(cls, dim: int, **options: int) -> Self:
        """A layer with parameters of its own."""
        values = cls.initial(dim, **options)
        return cls(**{name: nn.Parameter(value) for name, value in values.items()})

    @classmethod
    def size(cls, dim: int, **options: int) -> int:
        """How many numbers describe the layer."""
        return sum(math.prod(shape) for shape in cls.shapes(dim, **options).values())

    @classmethod
    def unpack(cls, vector: Tensor, dim: int, **options: int) -> Self:
        """The layer whose parameters lie one after the other in `vector`, `[*batch, size]`.

        Raises:
            ValueError: The vector has another length.
        """
        shapes, size = cls.shapes(dim, **options), cls.size(dim, **options)
        if vector.shape[-1] != size:
            raise ValueError(f"{cls.__name__} needs {size} numbers, got {vector.shape[-1]}")
        parts = vector.split([math.prod(shape) for shape in shapes.values()], -1)
        batch = vector.shape[:-1]
        named = zip(shapes.items(), parts)
        return cls(**{name: part.reshape((*batch, *shape)) for (name, shape), part in named})
