"""What a sentence of the generated language says, in five facts: what a code might know of it."""

from __future__ import annotations

from collections.abc import Sequence

from vilib.datasets.language_grammar import LEXICON, topic_of

__all__ = ["sentence_facts"]

CATEGORY = {word: category for category, words in LEXICON.items() for word in words}


def sentence_facts(words: Sequence[str]) -> dict[str, str]:
    """Topic, tense, number, order and place of one sentence.

    The topic is one of eight, the others are one of two, each equally likely. All but "order" and
    "place" are decided by the grammar before the first word.

    Args:
        words: A sentence of the language.

    Raises:
        KeyError: A word is not in the language.

    Example:
        >>> sentence_facts("last week two nurses weighed the vial in this ward".split())
        {'topic': 'clinic', 'tense': 'past', 'number': 'many', 'order': 'time first',
        'place': 'told'}
    """
    categories = [CATEGORY[word] for word in words]
    kinds = [category.split() for category in categories]
    return {
        "topic": topic_of(tuple(words)),
        "tense": "past" if any("past" in kind for kind in kinds) else "present",
        "number": next(kind[-1] for kind in kinds if kind[0] == "PERSON"),
        "order": "time last" if kinds[0][0] == "DET" else "time first",
        "place": "told" if "NEAR" in categories else "not told",
    }
