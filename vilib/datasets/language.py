"""A generated language of which everything is known: always there, with its exact entropy."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from vilib.datasets.download import digest
from vilib.datasets.language_grammar import LEXICON, RULES, START
from vilib.datasets.language_truth import language_entropy
from vilib.datasets.registry import entry
from vilib.datasets.text import Text, Words

__all__ = ["draw_sentences", "language"]

SPLITS = ("train", "dev", "test")
CUMULATED = {s: tuple(accumulate(weight for weight, _ in rules)) for s, rules in RULES.items()}


def language(*, seed: int = 1, sizes: tuple[int, int, int] = (16_000, 1000, 1000)) -> Text:
    """Sentences out of a probabilistic grammar with eight topics, two tenses and two numbers.

    The entropy is exact (`Text.entropy`, `language_entropy`), and so is the probability of every
    sentence (`language_log_prob`). Sentences are independent; there are some 10⁸ of them, so few
    stand in two splits.

    Args:
        seed: The same seed gives the same text everywhere.
        sizes: Number of sentences in train, dev and test.

    Returns:
        The text; its record has the origin "generated".

    Example:
        >>> text = language()
        >>> print(*text.train[0])
        some actors perform one waltz in the theatre every day
        >>> text.record.split_sizes, f"{text.entropy:.2f} nats"
        ({'train': 16000, 'dev': 1000, 'test': 1000}, '16.58 nats')
    """
    splits = {
        name: draw_sentences(size, Random(f"language {seed} {name}"))
        for name, size in zip(SPLITS, sizes, strict=True)
    }
    written = "".join(" ".join(words) + "\n" for split in splits.values() for words in split)
    record = entry("language").record(splits, "generated", digest(written.encode()))
    return Text(**splits, record=record, entropy=language_entropy())


def draw_sentences(count: int, random: Random) -> tuple[Words, ...]:
    """Independent sentences of the language.

    Args:
        count: How many.
        random: Where the choices come from.

    Example:
        >>> draw_sentences(1, Random(1))
        (('one', 'captain', 'repaired', 'the', 'small', 'canoe', 'near', 'the', 'bay', 'last',
        'summer'),)
    """
    return tuple(tuple(expand(START, random)) for _ in range(count))


def expand(symbol: str, random: Random) -> list[str]:
    """What a symbol becomes."""
    if symbol in LEXICON:
        words = LEXICON[symbol]
        return [words[int(random.random() * len(words))]]
    # rounding may leave the last sum a hair below 1
    choice = min(bisect(CUMULATED[symbol], random.random()), len(RULES[symbol]) - 1)
    return [word for part in RULES[symbol][choice][1] for word in expand(part, random)]
