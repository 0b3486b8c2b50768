"""The probabilistic grammar of the generated language: eight topics, two tenses, two numbers.

A sentence says who did what, to what, when and perhaps where: *yesterday the young baker sliced
this loaf in the kitchen*. Topic, tense and number are chosen first and decide words that stand far
from each other, so that they are worth knowing before the first word is written.

A symbol is rewritten by one of its rules, chosen with the rule's weight, until words are left.
There is no recursion, so there are finitely many sentences, of 6 to 12 words. No word belongs to
two categories and no two derivations give the same categories, so a sentence has one derivation.

Example:
    >>> sum(weight for weight, _ in RULES[START])
    1.0
    >>> LEXICON["THING harbour"]
    ('boat', 'ferry', 'raft', 'canoe')
"""

from __future__ import annotations

from itertools import product

__all__ = ["LEXICON", "RULES", "START", "TOPICS", "topic_of"]

START = "SENTENCE"

# topic → people, what they do, to what, and where
WORLD: dict[str, tuple[str, str, str, str]] = {
    "bakery": (
        "baker cook waiter grocer",
        "slice toast serve",
        "loaf cake pie bun",
        "kitchen cellar",
    ),
    "harbour": (
        "sailor captain pilot diver",
        "steer repair paint",
        "boat ferry raft canoe",
        "bay port",
    ),
    "court": (
        "judge lawyer clerk senator",
        "sign draft burn",
        "letter verdict contract permit",
        "hall office",
    ),
    "farm": (
        "farmer shepherd miller gardener",
        "groom chase raise",
        "goat pig horse duck",
        "barn stable",
    ),
    "stage": (
        "singer dancer actor fiddler",
        "perform play record",
        "song waltz tune aria",
        "theatre opera",
    ),
    "school": (
        "teacher pupil scholar student",
        "solve erase check",
        "riddle sum problem puzzle",
        "library classroom",
    ),
    "clinic": (
        "doctor nurse chemist surgeon",
        "examine weigh label",
        "bottle sample vial bandage",
        "laboratory ward",
    ),
    "workshop": (
        "mason carpenter potter smith",
        "mend mould carve",
        "bench vase chair table",
        "shed yard",
    ),
}
TOPICS = tuple(WORLD)
TENSES = ("past", "present")
NUMBERS = ("one", "many")

# category → its words, all equally likely
LEXICON: dict[str, tuple[str, ...]] = {
    "DET one": ("the", "one", "this", "that"),
    "DET many": ("some", "two", "three", "these"),
    "PERSONAL": ("young", "tired", "happy", "tall"),
    "MATERIAL": ("small", "new", "heavy", "lovely"),
    "NEAR": ("in", "near"),
    "ADVERB past": ("yesterday",),
    "LAST": ("last",),
    "PERIOD past": ("week", "night", "summer"),
    "ADVERB present": ("today",),
    "EVERY": ("every",),
    "PERIOD present": ("day", "morning", "evening"),
}
RULES: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    START: tuple(
        (1 / 32, (f"EVENT {topic} {tense} {number}",))
        for topic, tense, number in product(TOPICS, TENSES, NUMBERS)
    ),
    "TIME past": ((0.5, ("ADVERB past",)), (0.5, ("LAST", "PERIOD past"))),
    "TIME present": ((0.5, ("ADVERB present",)), (0.5, ("EVERY", "PERIOD present"))),
}


def inflected(verb: str, ending: str) -> str:
    """A regular verb with -s or -ed.

    Example:
        >>> inflected("slice", "ed"), inflected("toast", "ed"), inflected("toast", "s")
        ('sliced', 'toasted', 'toasts')
    """
    return verb + (ending.removeprefix("e") if verb.endswith("e") else ending)


def words_of(topic: str) -> dict[str, tuple[str, ...]]:
    """The categories of one topic."""
    people, verbs, things, places = (part.split() for part in WORLD[topic])
    return {
        f"PERSON {topic} one": tuple(people),
        f"PERSON {topic} many": tuple(f"{person}s" for person in people),
        f"VERB {topic} past": tuple(inflected(verb, "ed") for verb in verbs),
        f"VERB {topic} present one": tuple(inflected(verb, "s") for verb in verbs),
        f"VERB {topic} present many": tuple(verbs),
        f"THING {topic}": tuple(things),
        f"SITE {topic}": tuple(places),
    }


def rules_of(topic: str) -> dict[str, tuple[tuple[float, tuple[str, ...]], ...]]:
    """The rules of one topic: who and what may have an adjective, where may be left out."""
    thing, where = f"THING {topic}", f"WHERE {topic}"
    rules = {
        f"OBJECT {topic}": (
            (0.6, ("DET one", thing)),
            (0.4, ("DET one", "MATERIAL", thing)),
        ),
        where: ((1.0, ("NEAR", "DET one", f"SITE {topic}")),),
    }
    for number in NUMBERS:
        person, who = f"PERSON {topic} {number}", f"SUBJECT {topic} {number}"
        determiner = f"DET {number}"
        rules[who] = ((0.6, (determiner, person)), (0.4, (determiner, "PERSONAL", person)))
        for tense in TENSES:
            verb = f"VERB {topic} past" if tense == "past" else f"VERB {topic} present {number}"
            deed = (who, verb, f"OBJECT {topic}")
            clause, time = f"CLAUSE {topic} {tense} {number}", f"TIME {tense}"
            rules[clause] = ((0.5, deed), (0.5, (*deed, where)))
            rules[f"EVENT {topic} {tense} {number}"] = (
                (0.5, (time, clause)),
                (0.5, (clause, time)),
            )
    return rules


for each in TOPICS:
    LEXICON |= words_of(each)
    RULES |= rules_of(each)

TOPIC_OF_WORD = {
    word: category.split()[1]
    for category, words in LEXICON.items()
    for word in words
    if category.split()[0] in ("PERSON", "VERB", "THING", "SITE")
}


def topic_of(words: tuple[str, ...]) -> str:
    """The topic of a sentence of the language, "" if no word tells it.

    Example:
        >>> topic_of(("today", "the", "diver", "paints", "this", "raft"))
        'harbour'
    """
    return next((TOPIC_OF_WORD[word] for word in words if word in TOPIC_OF_WORD), "")
