"""log p(x) in the units in which papers report it."""

from __future__ import annotations

import math

from torch import Tensor

__all__ = ["bits_per_dimension", "perplexity"]


def bits_per_dimension(log_evidence: Tensor, num_dimensions: int) -> Tensor:
    """-log₂ p(x) / D per datapoint; lower is better.

    For 8-bit images x is the integer of each pixel. If the model is a density of (x + u) / 256,
    with u uniform on [0, 1), add 8 bits: the density is 256 times that of x + u in each pixel.

    Args:
        log_evidence: log p(x) or a lower bound on it, in nats, `[B]`.
        num_dimensions: D, the number of observed dimensions of a datapoint.

    Returns:
        Bits per dimension, `[B]`.

    Source: L. Theis, A. van den Oord and M. Bethge, 2016, A Note on the Evaluation of Generative
        Models, https://arxiv.org/abs/1511.01844

    Example: 64 fair coins.
        >>> import torch
        >>> bits_per_dimension(torch.tensor([64 * math.log(0.5)]), 64)
        tensor([1.])
    """
    return -log_evidence / (num_dimensions * math.log(2))


def perplexity(log_evidence: Tensor, num_words: Tensor) -> Tensor:
    """exp(-∑ log p(x) / ∑ T), of a whole corpus; lower is better.

    Sums are taken first: a mean of the sentences' perplexities would weigh short ones too much.

    Args:
        log_evidence: log p(x) of each sentence or a lower bound on it, in nats, `[B]`.
        num_words: T, the words that p(x) predicts, the end of the sentence included, `[B]`.

    Returns:
        The perplexity, `[]`: 2 to the power of the bits per word.

    Example: every word is one of eight equally likely ones.
        >>> import torch
        >>> T = torch.tensor([3, 5])
        >>> perplexity(-T * math.log(8), T)
        tensor(8.0000)
    """
    return (-log_evidence.sum() / num_words.sum()).exp()
