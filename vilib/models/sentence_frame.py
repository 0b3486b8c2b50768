"""A sentence with its beginning and end: what a decoder reads, and what it must say next."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vilib.datasets.text import BOS, EOS

__all__ = ["Frame", "framed"]


class Frame(NamedTuple):
    """Inputs and targets of a decoder; T words make T + 1 steps.

    Attributes:
        inputs: <bos> and the words, `[B, T + 1]` int64.
        targets: The words and <eos>, `[B, T + 1]` int64.
        mask: True up to the step of <eos>, `[B, T + 1]` bool.
    """

    inputs: Tensor
    targets: Tensor
    mask: Tensor


def framed(tokens: Tensor, mask: Tensor) -> Frame:
    """Put <bos> before a sentence and <eos> after its last word.

    Args:
        tokens: Word numbers, 0 at padding, `[B, T]`.
        mask: True on words, `[B, T]`.

    Returns:
        The frame.

    Example: words 7 8, and a single word 9; <bos> is 2 and <eos> 3.
        >>> tokens = torch.tensor([[7, 8], [9, 0]])
        >>> frame = framed(tokens, tokens > 0)
        >>> frame.inputs.tolist(), frame.targets.tolist(), frame.mask.sum(-1).tolist()
        ([[2, 7, 8], [2, 9, 0]], [[7, 8, 3], [9, 3, 0]], [3, 2])
    """
    edge = tokens.new_zeros(len(tokens), 1)
    inputs = torch.cat([edge + BOS, tokens], dim=1)
    targets = torch.cat([tokens, edge], dim=1).scatter(1, mask.sum(-1, keepdim=True), EOS)
    return Frame(inputs, targets, torch.cat([mask.new_ones(len(mask), 1), mask], dim=1))
