"""Padded batches of sentences of similar length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from vilib.datasets.corpus import Corpus

__all__ = ["Batch", "Batches"]

# sentences are sorted by length within pools of this many batches, so that a batch stays random
POOL = 50


class Batch(NamedTuple):
    """B sentences, padded to the T words of the longest.

    Args:
        tokens: Word numbers, 0 at padding, `[B, T]` int64.
        mask: True on words, False on padding, `[B, T]` bool.
        label: Label of each sentence, 0–4, `[B]` int64.
        leaf_label: Label of each word, 0–4, −1 at padding, `[B, T]` int64.
        index: Which sentences of the split these are, `[B]` int64.
    """

    tokens: Tensor
    mask: Tensor
    label: Tensor
    leaf_label: Tensor
    index: Tensor


class Batches:
    """The batches of a corpus; each iteration is an epoch, laid out at once.

    With `shuffle` sentences are shuffled, sorted by length within pools of 50 batches, and the
    batches shuffled again. Without it they come from the shortest to the longest, and equals in the
    order of the corpus; `Batch.index` leads back to it. Every sentence comes once in an epoch; the
    last batch cut may be smaller.

    Args:
        corpus: What to cut.
        batch_size: B.
        shuffle: Whether the order is random.
        generator: Source of the order; None takes torch's own, under the seed that the caller set.
        device: Where the batches are to lie.

    Raises:
        ValueError: The batch size is below 1.

    Example:
        >>> from vilib.datasets import Corpus, Vocabulary, parse_tree
        >>> trees = [parse_tree("(3 (2 It) (3 works))"), parse_tree("(0 awful)")]
        >>> corpus = Corpus.encode(trees, Vocabulary.build(trees))
        >>> batch = next(iter(Batches(corpus, 2, shuffle=False)))
        >>> batch.tokens.tolist(), batch.leaf_label.tolist(), batch.index.tolist()
        ([[2, 0], [3, 4]], [[0, -1], [2, 3]], [1, 0])
    """

    def __init__(
        self,
        corpus: Corpus,
        batch_size: int,
        *,
        shuffle: bool = True,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}, expected at least 1")
        self.corpus, self.batch_size = corpus, batch_size
        self.shuffle, self.generator, self.device = shuffle, generator, device

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return -(-len(self.corpus) // self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        """One epoch."""
        if not len(self.corpus):
            return
        order, sizes = self.plan()
        yield from lay_out(self.corpus, order, sizes, self.device)

    def plan(self) -> tuple[Tensor, list[int]]:
        """The order of the sentences, `[n]`, and the sizes of the batches in that order."""
        lengths = self.corpus.lengths
        if not self.shuffle:
            order = lengths.argsort(stable=True)
            return order, [len(part) for part in order.split(self.batch_size)]
        shuffled = self.permutation(len(lengths))
        pools = shuffled.split(POOL * self.batch_size)
        order = torch.cat([pool[lengths[pool].argsort(stable=True)] for pool in pools])
        batches = order.split(self.batch_size)
        chosen = [batches[i] for i in self.permutation(len(batches)).tolist()]
        return torch.cat(chosen), [len(batch) for batch in chosen]

    def permutation(self, count: int) -> Tensor:
        """A random order of `count` things, on the CPU."""
        device = self.generator.device if self.generator is not None else "cpu"
        return torch.randperm(count, generator=self.generator, device=device).cpu()


def lay_out(
    corpus: Corpus, order: Tensor, sizes: list[int], device: torch.device | str | None
) -> Iterator[Batch]:
    """Pad a whole epoch in a few tensor operations; a batch is then a view of it."""
    lengths = corpus.lengths[order]
    widths = [int(part.max()) for part in lengths.split(sizes)]
    width = torch.tensor(widths).repeat_interleave(torch.tensor(sizes))
    # row and column of every cell of the padded epoch, batch after batch
    row = torch.arange(len(order)).repeat_interleave(width)
    column = torch.arange(len(row)) - (width.cumsum(0) - width)[row]
    mask = column < lengths[row]
    # padding reads the sentence's first word, which is there, and is then overwritten
    cell = corpus.offsets[order][row] + column * mask
    tokens = corpus.tokens[cell] * mask
    leaves = corpus.leaf_labels[cell].masked_fill(~mask, -1)
    areas = [size * wide for size, wide in zip(sizes, widths, strict=True)]
    cells = (each.to(device).split(areas) for each in (tokens, mask, leaves))
    rows = (each.to(device).split(sizes) for each in (corpus.labels[order], order))
    for t, m, leaf, label, index, size in zip(*cells, *rows, sizes, strict=True):
        yield Batch(t.view(size, -1), m.view(size, -1), label, leaf.view(size, -1), index)
