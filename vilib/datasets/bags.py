"""Documents as bags of words: how often each word occurs, and no order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vilib.datasets.record import DatasetRecord

__all__ = ["BagSplit", "Bags", "count_words"]


@dataclass(frozen=True)
class BagSplit:
    """The documents of one split.

    Args:
        counts: How often word v occurs in document b, `[B, V]` float32.
        label: Class of each document, `[B]` int64. Not for inference.

    Example:
        >>> split = BagSplit(torch.tensor([[2.0, 1.0], [0.0, 4.0]]), torch.tensor([0, 1]))
        >>> len(split), split.lengths.tolist()
        (2, [3.0, 4.0])
    """

    counts: Tensor
    label: Tensor

    def __len__(self) -> int:
        """Number of documents."""
        return len(self.counts)

    @property
    def lengths(self) -> Tensor:
        """Words of each document, `[B]`."""
        return self.counts.sum(-1)


@dataclass(frozen=True)
class Bags:
    """A corpus of bags of words, in three splits.

    Args:
        train: To learn from.
        dev: To choose with.
        test: To report on.
        words: The vocabulary, in the order of the columns of `counts`.
        classes: Names of the labels.
        record: Where the documents come from.
        truth: The model that wrote them, log p(z) `[K]` and log p(w | z) `[K, V]` in nats, float64,
            where it is known.
        entropy: Mean of H(x) over the documents of test, given their lengths and the order of the
            words, in nats a document, where it is known; NaN where it is not.
    """

    train: BagSplit
    dev: BagSplit
    test: BagSplit
    words: tuple[str, ...]
    classes: tuple[str, ...]
    record: DatasetRecord
    truth: tuple[Tensor, Tensor] | None = None
    entropy: float = float("nan")

    def __getitem__(self, split: str) -> BagSplit:
        """One split by name.

        Raises:
            KeyError: There is no such split.
        """
        if split not in ("train", "dev", "test"):
            raise KeyError(f"no split {split!r}; there are train, dev, test")
        return getattr(self, split)


def count_words(documents: Sequence[Sequence[str]], words: Sequence[str]) -> Tensor:
    """Count the words of each document, `[B, V]` float32.

    Args:
        documents: Each a sequence of words, all of them in `words`.
        words: The vocabulary.

    Example:
        >>> count_words([["a", "cat", "a"]], ["a", "cat", "dog"])
        tensor([[2., 1., 0.]])
    """
    number = {word: v for v, word in enumerate(words)}
    flat = torch.tensor([number[w] for d in documents for w in d], dtype=torch.long)
    lengths = torch.tensor([len(d) for d in documents], dtype=torch.long)
    row = torch.arange(len(documents)).repeat_interleave(lengths)
    cells = row * len(words) + flat
    total = len(documents) * len(words)
    return cells.bincount(minlength=total).float().view(len(documents), len(words))
