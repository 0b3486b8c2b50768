"""The sentences of a treebank as bags of their commonest words."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from vilib.datasets.bags import Bags, BagSplit, count_words
from vilib.datasets.sentiment import SentimentTreebank
from vilib.datasets.trees import Tree
from vilib.datasets.vocabulary import Vocabulary

__all__ = ["sentence_bags"]

CLASSES = ("very negative", "negative", "neutral", "positive", "very positive")


def sentence_bags(trees: SentimentTreebank, num_words: int = 2000) -> Bags:
    """Count the commonest words of each sentence; rarer words are left out.

    Args:
        trees: Of `sst` or `treebank`.
        num_words: V; fewer where the training split has fewer.

    Example:
        >>> from vilib.datasets import treebank
        >>> bags = sentence_bags(treebank(), num_words=50)
        >>> bags.train.counts.shape[1], bags.classes[0], bags.record.name
        (50, 'very negative', 'treebank')
    """
    # the first two are padding and the unknown word
    words = Vocabulary.build(trees.train).words[2 : num_words + 2]
    splits = {name: counted(trees[name], words) for name in ("train", "dev", "test")}
    return Bags(**splits, words=words, classes=CLASSES, record=trees.record)


def counted(trees: Sequence[Tree], words: Sequence[str]) -> BagSplit:
    """One split."""
    kept = set(words)
    lower = ((word.lower() for word in tree.words) for tree in trees)
    documents = [[word for word in sentence if word in kept] for sentence in lower]
    return BagSplit(count_words(documents, words), torch.tensor([tree.label for tree in trees]))
