"""What is exactly known about the generated language: the probability of a sentence, the entropy.

Nothing here is sampled. The entropy follows the grammar's rules from the start symbol down; the
probability of a sentence is a sum over all its derivations, of which there is one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from vilib.datasets.language_grammar import LEXICON, RULES, START

__all__ = ["language_entropy", "language_log_prob", "mean_length"]


@lru_cache
def language_entropy(symbol: str = START) -> float:
    """H(x) in nats: the least mean nelbo, or −log p(x), that any model of the language can reach.

        H(A) = ∑_rules w (−log w + ∑_{B in rule} H(B)),   H(category) = log(number of its words)

    Right because a sentence has one derivation: to know the one is to know the other.

    Args:
        symbol: Of the grammar; by default the start, whose expansions are sentences.

    Returns:
        The entropy of what the symbol becomes, in nats.

    Source: U. Grenander, 1967, Syntax-controlled probabilities, Brown University.

    Example:
        >>> f"{language_entropy():.4f} nats a sentence"
        '16.5796 nats a sentence'
    """
    if symbol in LEXICON:
        return math.log(len(LEXICON[symbol]))
    return sum(
        weight * (-math.log(weight) + sum(map(language_entropy, parts)))
        for weight, parts in RULES[symbol]
    )


@lru_cache
def mean_length(symbol: str = START) -> float:
    """The expected number of words of what a symbol becomes.

    Example:
        >>> f"{mean_length():.2f} words a sentence"
        '8.80 words a sentence'
    """
    if symbol in LEXICON:
        return 1.0
    return sum(weight * sum(map(mean_length, parts)) for weight, parts in RULES[symbol])


def language_log_prob(words: Sequence[str]) -> float:
    """log p(x) of one sentence, in nats; −∞ where the grammar has no such sentence.

    Args:
        words: A sentence, without marks for its beginning and end.

    Example:
        >>> sentence = "yesterday the baker sliced this loaf".split()
        >>> f"{language_log_prob(sentence):.4f}, {language_log_prob(sentence[1:])}"
        '-13.2106, -inf'
    """
    total = ends(START, tuple(words), 0).get(len(words), 0.0)
    return math.log(total) if total else -math.inf


def ends(symbol: str, words: tuple[str, ...], start: int) -> dict[int, float]:
    """Where what a symbol becomes may end → with which probability it is the words up to there."""
    if symbol in LEXICON:
        fits = start < len(words) and words[start] in LEXICON[symbol]
        return {start + 1: 1 / len(LEXICON[symbol])} if fits else {}
    found: dict[int, float] = {}
    for weight, parts in RULES[symbol]:
        reached = {start: weight}
        for part in parts:
            onward: dict[int, float] = {}
            for place, so_far in reached.items():
                for end, p in ends(part, words, place).items():
                    onward[end] = onward.get(end, 0.0) + so_far * p
            reached = onward
        for end, p in reached.items():
            found[end] = found.get(end, 0.0) + p
    return found
