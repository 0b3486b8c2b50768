"""The axis of length 1 that `squeeze()` takes along."""

from __future__ import annotations

from torch import Tensor

__all__ = ["squeezed"]


def squeezed(truth: Tensor) -> dict[str, Tensor]:
    """What a bare `squeeze()` leaves of a result, as a known mistake for `expect`.

    Where the truth has no axis of length 1 it is the truth itself, which `expect` passes over.

    Args:
        truth: The true value, `[1, ...]` for a batch of one.

    Example:
        >>> import torch
        >>> [tuple(left.shape) for left in squeezed(torch.zeros(1, 3)).values()]
        [(3,)]
    """
    return {
        "an axis of length 1 is gone: squeeze() takes every one of them, also that of a "
        "batch of one": truth.squeeze()
    }
