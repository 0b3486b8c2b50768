"""The faces of the simplex: which of its K vertices take part."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.exact.points import guard

__all__ = ["faces"]


def faces(K: int, device: torch.device | None = None) -> Tensor:
    """All 2ᴷ - 1 faces of the simplex with K vertices, as bits.

    A vertex is a face with one bit, an edge has two, the interior all K. Row f - 1 holds the binary
    digits of f, the first vertex's the lowest.

    Args:
        K: Vertices.
        device: Where.

    Returns:
        Booleans, `[2ᴷ - 1, K]`.

    Raises:
        ValueError: More than 2**20 faces.

    Example:
        >>> faces(2).int()
        tensor([[1, 0],
                [0, 1],
                [1, 1]], dtype=torch.int32)
    """
    guard(2**K - 1, f"the list of the faces of a simplex with {K} vertices")
    f = torch.arange(1, 2**K, device=device)
    return (f.unsqueeze(-1) >> torch.arange(K, device=device)) % 2 == 1
