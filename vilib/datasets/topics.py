"""Generated keyword lists on three topics: a mixture of categoricals, of which all is known."""

from __future__ import annotations

from bisect import bisect
from dataclasses import replace
from itertools import accumulate
from random import Random

import torch

from vilib.datasets.bags import Bags, BagSplit, count_words
from vilib.datasets.download import digest
from vilib.datasets.registry import entry
from vilib.datasets.topics_truth import (
    CLASSES,
    LENGTHS,
    PRIOR,
    WORDS,
    topics_entropy,
    topics_truth,
)

__all__ = ["draw_keywords", "topics"]

SPLITS = ("train", "dev", "test")
Drawn = list[tuple[int, tuple[str, ...]]]


def topics(*, seed: int = 1, sizes: tuple[int, int, int] = (900, 300, 600)) -> Bags:
    """Documents of 4 to 12 keywords on football, cooking or money; half the words are ambiguous.

        z ~ Categorical(prior), xₜ | z ~ Categorical(words_z), t = 1 … T

    T is uniform on 4 … 12 and tells nothing about z. The model that wrote the documents comes with
    them (`Bags.truth`), so the posterior of every document is known, and so is their entropy.

    Args:
        seed: The same seed gives the same documents everywhere.
        sizes: Number of documents in train, dev and test.

    Returns:
        The bags; their record has the origin "generated".

    Example:
        >>> bags = topics()
        >>> bags.train.counts.shape, bags.classes, f"{bags.entropy:.2f} nats"
        (torch.Size([900, 38]), ('football', 'cooking', 'money'), '25.82 nats')
        >>> print(*(word for word, n in zip(bags.words, bags.train.counts[0]) if n))
        goal shareholder cup season transfer score good
    """
    drawn = {
        name: draw_keywords(size, Random(f"topics {seed} {name}"))
        for name, size in zip(SPLITS, sizes, strict=True)
    }
    written = "".join(f"{z} {' '.join(words)}\n" for split in drawn.values() for z, words in split)
    record = entry("topics").record(drawn, "generated", digest(written.encode()))
    splits = {name: bag(split) for name, split in drawn.items()}
    lengths = splits["test"].lengths.long().bincount().tolist()
    total = sum(n * topics_entropy(t) for t, n in enumerate(lengths) if n)
    return Bags(
        **splits,
        words=WORDS,
        classes=CLASSES,
        record=record,
        truth=topics_truth(),
        entropy=total / max(1, sum(lengths)),
    )


def draw_keywords(count: int, random: Random) -> Drawn:
    """Independent documents: topic, and words in the order in which they were drawn.

    Args:
        count: How many.
        random: Where the choices come from.
    """
    _, log_words = topics_truth()
    rows = [tuple(accumulate(row)) for row in log_words.exp().tolist()]
    prior = tuple(accumulate(PRIOR))
    documents = []
    for _ in range(count):
        z = choice(prior, random)
        length = LENGTHS[int(random.random() * len(LENGTHS))]
        documents.append((z, tuple(WORDS[choice(rows[z], random)] for _ in range(length))))
    return documents


def choice(cumulated: tuple[float, ...], random: Random) -> int:
    """One draw; rounding may leave the last sum a hair below 1."""
    return min(bisect(cumulated, random.random()), len(cumulated) - 1)


def bag(drawn: Drawn) -> BagSplit:
    """Documents as counts."""
    return BagSplit(
        count_words([words for _, words in drawn], WORDS),
        torch.tensor([z for z, _ in drawn], dtype=torch.long),
    )


def as_stand_in() -> Bags:
    """The generated documents in the place of a corpus that is not at hand."""
    bags = topics()
    return replace(bags, record=replace(bags.record, origin="stand-in"))
