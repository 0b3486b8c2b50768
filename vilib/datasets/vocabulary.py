"""Words and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vilib.datasets.trees import Tree

__all__ = ["Vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """A list of V words; padding is number 0 and the unknown word number 1.

    Args:
        words: The words in the order of their numbers, padding and unknown included.
        counts: How often each was met when the vocabulary was built; 0 for padding.
        lower: Whether words are put into lower case before they are looked up.

    Example:
        >>> vocabulary = Vocabulary.build([["A", "good", "film"], ["a", "film"]], lower=True)
        >>> vocabulary.words
        ('<pad>', '<unk>', 'a', 'film', 'good')
        >>> vocabulary.encode(["A", "bad", "film"])
        [2, 1, 3]
        >>> vocabulary.decode([2, 1, 3, 0])
        ['a', '<unk>', 'film', '<pad>']
    """

    words: tuple[str, ...]
    counts: tuple[int, ...]
    lower: bool
    numbers: dict[str, int] = field(init=False, repr=False, compare=False)

    PADDING = 0
    UNKNOWN = 1

    def __post_init__(self) -> None:
        """Number the words."""
        object.__setattr__(self, "numbers", {word: n for n, word in enumerate(self.words)})

    def __len__(self) -> int:
        """V, padding and unknown included."""
        return len(self.words)

    @classmethod
    def build(
        cls, sentences: Iterable[Tree | Sequence[str]], *, lower: bool = True, min_count: int = 1
    ) -> Vocabulary:
        """Number the words of some sentences, the commonest first, ties in alphabetical order.

        Args:
            sentences: Trees or sequences of words; the training split alone.
            lower: Put words into lower case.
            min_count: A rarer word is left out; it counts as unknown.
        """
        lists = (s.words if isinstance(s, Tree) else s for s in sentences)
        counts = Counter(word for words in lists for word in words)
        if lower:
            counts = merged(counts)
        kept = sorted((-count, word) for word, count in counts.items() if count >= min_count)
        unknown = counts.total() + sum(count for count, _ in kept)
        return cls(
            words=("<pad>", "<unk>", *(word for _, word in kept)),
            counts=(0, unknown, *(-count for count, _ in kept)),
            lower=lower,
        )

    def encode(self, words: Iterable[str]) -> list[int]:
        """Words → numbers; what is not in the vocabulary becomes 1."""
        if self.lower:
            words = map(str.lower, words)
        return [self.numbers.get(word, 1) for word in words]

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Numbers → words."""
        return [self.words[number] for number in numbers]


def merged(counts: Counter[str]) -> Counter[str]:
    """Counts of words in lower case."""
    lower: Counter[str] = Counter()
    for word, count in counts.items():
        lower[word.lower()] += count
    return lower
