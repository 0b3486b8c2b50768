"""Selections without a latent variable: the honest controls of a rationale.

Each maps tokens, mask `[B, T]` to z `[B, T]`. A classifier trained and tested under one of them
shows what its words are
worth: a rationale that is no better than as many random words, or the first words, has explained
nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["Selection", "all_words", "first_words", "random_words"]

Selection = Callable[[Tensor, Tensor], Tensor]


def all_words(tokens: Tensor, mask: Tensor) -> Tensor:
    """The full text.

    Example:
        >>> tokens = torch.tensor([[5, 2, 0]])
        >>> all_words(tokens, tokens > 0)
        tensor([[1., 1., 0.]])
    """
    return mask.float()


def first_words(rate: float) -> Selection:
    """The first ⌈rate · length⌉ words of each sentence.

    Example:
        >>> tokens = torch.tensor([[5, 2, 4, 7, 3], [6, 3, 0, 0, 0]])
        >>> first_words(0.3)(tokens, tokens > 0)
        tensor([[1., 1., 0., 0., 0.],
                [1., 0., 0., 0., 0.]])
    """

    def select(tokens: Tensor, mask: Tensor) -> Tensor:
        """The first words, `[B, T]`."""
        wanted = (rate * mask.sum(-1, keepdim=True)).ceil()
        position = torch.arange(mask.shape[-1], device=mask.device)
        return (position < wanted).float() * mask

    return select


def random_words(rate: float, generator: torch.Generator | None = None) -> Selection:
    """Each word with probability `rate`, drawn anew at every call.

    Example:
        >>> tokens = torch.ones(100, 100, dtype=torch.long)
        >>> z = random_words(0.25, torch.Generator().manual_seed(1))(tokens, tokens > 0)
        >>> bool((z.mean() - 0.25).abs() < 0.02)
        True
    """

    def select(tokens: Tensor, mask: Tensor) -> Tensor:
        """Random words, `[B, T]`."""
        draws = torch.rand(mask.shape, generator=generator, device=mask.device)
        return (draws < rate).float() * mask

    return select
