"""What a sentiment treebank looks like to a lesson: three splits of trees and a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vilib.datasets.corpus import Corpus
from vilib.datasets.record import DatasetRecord
from vilib.datasets.registry import Entry
from vilib.datasets.trees import Tree
from vilib.datasets.vocabulary import Vocabulary

__all__ = ["SPLITS", "SentimentTreebank", "Split", "assemble"]

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Split:
    """One split.

    Args:
        name: "train", "dev" or "test".
        trees: Its trees, in the order of the file.

    Example:
        >>> from vilib.datasets import treebank
        >>> dev = treebank("dev")
        >>> len(dev), len(dev.encode(Vocabulary.build(dev)))
        (500, 500)
    """

    name: str
    trees: tuple[Tree, ...]

    def __len__(self) -> int:
        """Number of trees."""
        return len(self.trees)

    def __iter__(self) -> Iterator[Tree]:
        """The trees, one by one."""
        return iter(self.trees)

    def __getitem__(self, index: int) -> Tree:
        """One tree."""
        return self.trees[index]

    def encode(self, vocabulary: Vocabulary) -> Corpus:
        """The split as tensors, ready for `Batches`."""
        return Corpus.encode(self.trees, vocabulary)


@dataclass(frozen=True)
class SentimentTreebank:
    """The three splits and where they come from.

    Args:
        train: For fitting.
        dev: For choosing.
        test: For reporting.
        record: Name, source, licence, SHA-256, sizes, origin.

    Example:
        >>> from vilib.datasets import treebank
        >>> data = treebank()
        >>> data.record.split_sizes
        {'train': 4000, 'dev': 500, 'test': 1000}
        >>> data.train is data["train"]
        True
    """

    train: Split
    dev: Split
    test: Split
    record: DatasetRecord

    def __getitem__(self, split: str) -> Split:
        """A split by its name; KeyError lists the names."""
        if split not in SPLITS:
            raise KeyError(f"no split {split!r}; there are {', '.join(SPLITS)}")
        return getattr(self, split)


def assemble(
    trees: Mapping[str, tuple[Tree, ...]], known: Entry, sha256: str, origin: str
) -> SentimentTreebank:
    """Splits and record out of the trees of each split and the registry's entry."""
    splits = {split: Split(split, trees[split]) for split in SPLITS}
    ordered = {split: trees[split] for split in SPLITS}
    return SentimentTreebank(**splits, record=known.record(ordered, origin, sha256))
