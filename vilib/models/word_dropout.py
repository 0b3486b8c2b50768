"""Hide words from a decoder, so that it must find them elsewhere."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.datasets.text import BOS, PAD, UNK

__all__ = ["drop_words"]


def drop_words(inputs: Tensor, rate: float) -> Tensor:
    """Replace each word that a decoder reads by <unk>, with probability `rate`.

    The beginning of the sentence and padding stay. Targets are never dropped: what must be said
    remains, what may be read is less. At rate 1 the decoder reads nothing but where it is.

    Args:
        inputs: <bos> and words, `[B, T]`.
        rate: Between 0 and 1.

    Returns:
        A copy with some words replaced, `[B, T]`; draws from torch's own random numbers.

    Source: S. R. Bowman, L. Vilnis, O. Vinyals, A. M. Dai, R. Jozefowicz and S. Bengio, 2016,
        Generating Sentences from a Continuous Space, https://arxiv.org/abs/1511.06349

    Example:
        >>> drop_words(torch.tensor([[BOS, 7, 8, PAD]]), rate=1.0).tolist()
        [[2, 1, 1, 0]]
    """
    if not rate:
        return inputs
    words = (inputs != BOS) & (inputs != PAD)
    hidden = torch.rand(inputs.shape, device=inputs.device) < rate
    return inputs.masked_fill(hidden & words, UNK)
