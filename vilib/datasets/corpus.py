"""A split as four flat tensors, from which batches are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from vilib.datasets.trees import Tree
from vilib.datasets.vocabulary import Vocabulary

__all__ = ["Corpus"]


@dataclass(frozen=True)
class Corpus:
    """Sentences one after another, without padding. N words in n sentences.

    Args:
        tokens: Word numbers, `[N]` int64.
        leaf_labels: Label of each word, 0–4, `[N]` int64.
        offsets: Sentence i holds the words `offsets[i]` to `offsets[i + 1] - 1`, `[n + 1]` int64.
        labels: Label of each sentence, 0–4, `[n]` int64.

    Example:
        >>> from vilib.datasets import parse_tree
        >>> trees = [parse_tree("(3 (2 It) (3 works))"), parse_tree("(0 awful)")]
        >>> corpus = Corpus.encode(trees, Vocabulary.build(trees))
        >>> corpus.tokens, corpus.offsets, corpus.labels
        (tensor([3, 4, 2]), tensor([0, 2, 3]), tensor([3, 0]))
    """

    tokens: Tensor
    leaf_labels: Tensor
    offsets: Tensor
    labels: Tensor

    @classmethod
    def encode(cls, trees: Sequence[Tree], vocabulary: Vocabulary) -> Corpus:
        """Trees → tensors."""
        words = chain.from_iterable(tree.words for tree in trees)
        leaves = chain.from_iterable(tree.leaf_labels for tree in trees)
        lengths = torch.tensor([0] + [len(tree.words) for tree in trees])
        return cls(
            tokens=torch.tensor(vocabulary.encode(words), dtype=torch.long),
            leaf_labels=torch.tensor(list(leaves), dtype=torch.long),
            offsets=lengths.cumsum(0),
            labels=torch.tensor([tree.label for tree in trees], dtype=torch.long),
        )

    def __len__(self) -> int:
        """Number of sentences."""
        return len(self.labels)

    @property
    def lengths(self) -> Tensor:
        """Words of each sentence, `[n]` int64."""
        return self.offsets.diff()
