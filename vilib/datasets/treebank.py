"""A generated sentiment treebank in SST's format: always there, with rationales and truth known."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from vilib.datasets.download import digest
from vilib.datasets.grammar import LEXICON, RULES, START, combine
from vilib.datasets.registry import entry
from vilib.datasets.sentiment import SPLITS, SentimentTreebank, Split, assemble
from vilib.datasets.treebank_truth import channel
from vilib.datasets.trees import parse_trees

__all__ = ["generate", "treebank"]


def treebank(
    split: str | None = None, *, seed: int = 1, sizes: tuple[int, int, int] = (4000, 500, 1000)
) -> SentimentTreebank | Split:
    """Film reviews out of a small grammar, as trees of the five classes 0–4.

    The words that decide the label are planted and marked: they are the leaves whose label is not 2
    (`Tree.polar`), modifiers such as *not* included. A sentence without any has the score 0, so its
    rationale is empty. Given its sentence a label is known up to a noise of known size:
    `label_probabilities` is p(y | x), `treebank_truth` has the accuracy that cannot be passed and
    the exact entropies. Sentences are independent, so a short one may stand in two splits.

    Args:
        split: "train", "dev" or "test" for that split alone; None for all, with the record.
        seed: The same seed gives the same text everywhere.
        sizes: Number of sentences in train, dev and test.

    Raises:
        KeyError: There is no such split.

    Example:
        >>> data = treebank()
        >>> tree = data.train[1]
        >>> print(tree.label, *tree.words)
        0 Its Danish director falters , and the remake disappoints .
        >>> [word for word, polar in zip(tree.words, tree.polar) if polar]
        ['falters', 'disappoints']
        >>> data.record.split_sizes
        {'train': 4000, 'dev': 500, 'test': 1000}
    """
    texts = {
        name: generate(size, Random(f"treebank {seed} {name}"))
        for name, size in zip(SPLITS, sizes, strict=True)
    }
    trees = {name: tuple(parse_trees(text, f"treebank/{name}.txt")) for name, text in texts.items()}
    sha256 = digest("".join(texts.values()).encode())
    data = assemble(trees, entry("treebank"), sha256, "generated")
    return data if split is None else data[split]


def generate(count: int, random: Random) -> str:
    r"""`count` trees in bracket format, one a line.

    Example:
        >>> generate(1, Random(3)).count("\n")
        1
    """
    noise = [list(accumulate(row)) for row in channel().tolist()]
    rules = {
        symbol: list(accumulate(weight for weight, _ in options))
        for symbol, options in RULES.items()
    }
    lines = []
    for _ in range(count):
        value, text = expand(START, rules, random)
        # rounding may leave the last sum a hair below 1
        label = min(4, bisect(noise[clip(value) + 2], random.random()))
        word = text.rindex(" ", 0, text.index(")")) + 1
        lines.append(f"({label}{text[2:word]}{text[word].upper()}{text[word + 1 :]}\n")
    return "".join(lines)


def expand(symbol: str, rules: dict[str, list[float]], random: Random) -> tuple[int, str]:
    """What a symbol becomes: its score and its brackets, with the exact label at every node."""
    if symbol in LEXICON:
        label, words = LEXICON[symbol]
        return label - 2, f"({label} {words[int(random.random() * len(words))]})"
    choice = bisect(rules[symbol], random.random())
    parts = RULES[symbol][min(choice, len(rules[symbol]) - 1)][1]
    nodes = [expand(part, rules, random) for part in parts]
    if len(nodes) == 1:
        return nodes[0]
    (first, left), (second, right) = nodes
    value = combine(parts[0], second) if parts[0] in ("NOT", "TRULY") else first + second
    return value, f"({clip(value) + 2} {left} {right})"


def clip(value: int) -> int:
    """A score within −2 … 2."""
    return max(-2, min(2, value))
