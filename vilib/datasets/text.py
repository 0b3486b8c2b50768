"""Sentences in three splits, as words and as numbers: what language models are trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import torch

from vilib.datasets.corpus import Corpus
from vilib.datasets.record import DatasetRecord
from vilib.datasets.vocabulary import Vocabulary

__all__ = ["BOS", "EOS", "PAD", "UNK", "Text", "encode_text", "text_vocabulary"]

# the numbers of padding, of an unknown word, and of a sentence's beginning and end
PAD, UNK, BOS, EOS = range(4)
MARKS = ("<pad>", "<unk>", "<bos>", "<eos>")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A corpus of sentences without labels.

    Args:
        train: Sentences as tuples of words, without marks for beginning and end.
        dev: The same, for choices.
        test: The same, for the numbers that are reported.
        record: Where they come from.
        entropy: H(x) in nats a sentence, where it is known; NaN where it is not.

    Example:
        >>> from vilib.datasets.language import language
        >>> text = language(sizes=(3, 1, 1))
        >>> len(text.train), len(text["dev"]), f"{text.entropy:.2f}"
        (3, 1, '16.58')
    """

    train: tuple[Words, ...]
    dev: tuple[Words, ...]
    test: tuple[Words, ...]
    record: DatasetRecord
    entropy: float = float("nan")

    def __getitem__(self, split: str) -> tuple[Words, ...]:
        """One split by name.

        Raises:
            KeyError: There is no such split.
        """
        if split not in ("train", "dev", "test"):
            raise KeyError(f"no split {split!r}; there are train, dev, test")
        return getattr(self, split)


def text_vocabulary(
    sentences: Sequence[Words], unknown: str = "<unk>", num_words: int = 0
) -> Vocabulary:
    """Number the words: 0 padding, 1 unknown, 2 beginning, 3 end, then the commonest first.

    Args:
        sentences: The training split.
        unknown: How the text itself writes a word that was left out ("<unk>", "_UNK"); it becomes
            number 1.
        num_words: How many of the commonest words are kept; 0 for all.

    Example:
        >>> vocabulary = text_vocabulary([("a", "cat"), ("a", "_UNK")], unknown="_UNK")
        >>> vocabulary.words, vocabulary.encode(("cat", "_UNK", "dog"))
        (('<pad>', '<unk>', '<bos>', '<eos>', 'a', 'cat'), [5, 1, 1])
    """
    counts = Counter(chain.from_iterable(sentences))
    counts.pop(unknown, 0)
    ranked = sorted((-count, word) for word, count in counts.items())[: num_words or None]
    left_out = sum(map(len, sentences)) + sum(count for count, _ in ranked)
    return Vocabulary(
        words=(*MARKS, *(word for _, word in ranked)),
        counts=(0, left_out, len(sentences), len(sentences), *(-count for count, _ in ranked)),
        lower=False,
    )


def encode_text(sentences: Sequence[Words], vocabulary: Vocabulary) -> Corpus:
    """Sentences as one flat tensor of word numbers; labels, which they lack, are 0.

    Args:
        sentences: A split.
        vocabulary: Of `text_vocabulary`.

    Example:
        >>> sentences = [("a", "cat"), ("a",)]
        >>> corpus = encode_text(sentences, text_vocabulary(sentences))
        >>> corpus.tokens, corpus.offsets
        (tensor([4, 5, 4]), tensor([0, 2, 3]))
    """
    numbers = [vocabulary.encode(sentence) for sentence in sentences]
    tokens = torch.tensor(list(chain.from_iterable(numbers)), dtype=torch.long)
    lengths = torch.tensor([0, *map(len, numbers)])
    return Corpus(
        tokens=tokens,
        leaf_labels=torch.zeros_like(tokens),
        offsets=lengths.cumsum(0),
        labels=torch.zeros(len(numbers), dtype=torch.long),
    )
