"""The probabilistic grammar of the generated film reviews.

A symbol is rewritten by one of its rules, chosen with the rule's weight, until words are left.
There is no recursion, so there are finitely many sentences, of 3 to 20 words. The first word of a
rule's expansion tells which rule it was (the grammar is LL(1)), so a sentence has one derivation
and p(sentence) is the product of the probabilities of its choices.

Feeling sits in single words. Each has a label as in SST's own leaves: 4 superb, 3 good, 2 film, 1
weak, 0 bad. The *score* of a phrase is the sum of (label − 2) over its parts, with two exceptions,
in which the label of the first word does not count for itself:

- *not* before an adjective turns the sign and leaves the strength 1 (not superb: −1, not bad: 1);
- *truly* and its like double the mild adjective that follows (truly weak: −2).

Example:
    >>> score(["The", "cast", "is", "not", "bad", "."]), score(["Truly", "weak", "."])
    (1, -2)
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["LEXICON", "RULES", "START", "combine", "score"]

START = "REVIEW"

# category → label of its words, and the words; a word written twice is twice as likely
CATEGORIES: dict[str, tuple[int, str]] = {
    "SUPERB": (4, "superb brilliant magnificent dazzling stunning splendid terrific"),
    "GOOD": (3, "good funny warm lively touching solid witty gripping"),
    "WEAK": (1, "weak bland slow clumsy tedious flat dreary trite"),
    "BAD": (0, "bad dull lame stupid boring pathetic dreadful pointless"),
    "SOARS": (4, "soars dazzles shines sparkles"),
    "SUCCEEDS": (3, "succeeds charms entertains triumphs"),
    "DRAGS": (1, "drags stumbles falters collapses"),
    "FAILS": (0, "fails disappoints flounders"),
    "JOY": (4, "joy delight masterpiece pleasure"),
    "TREAT": (3, "treat triumph gem hit"),
    "MESS": (1, "mess chore waste misfire"),
    "BORE": (0, "bore disaster failure"),
    "NOT": (1, "not"),
    "TRULY": (3, "truly genuinely remarkably certainly"),
    "THE": (2, "the the this its"),
    "A": (2, "a"),
    "THING": (2, "plot script story cast ending finale director"),
    "KIND": (2, "film movie sequel remake documentary musical fable portrait"),
    "PLAIN": (2, "first second French Italian British Danish"),
    "IS": (2, "is is was"),
    "FEELS": (2, "feels seems looks"),
    "RUNS": (2, "runs"),
    "FOR": (2, "for"),
    "NUMBER": (2, "two three four six"),
    "TIME": (2, "hours days reels"),
    "FOLLOWS": (2, "follows shows"),
    "MEETS": (2, "meets visits"),
    "OPENS": (2, "opens begins ends starts"),
    "ROLE": (2, "widow detective pianist student nurse sailor soldier lawyer"),
    "IN": (2, "in"),
    "PLACE": (2, "Paris Texas London Rome Brooklyn Chicago Cuba Iran"),
    "ABOUT": (2, "about"),
    "SET": (2, "set"),
    "AND": (2, "and but while though"),
    ",": (2, ","),
    ".": (2, "."),
}

LEXICON = {name: (label, tuple(words.split())) for name, (label, words) in CATEGORIES.items()}

# symbol → (probability, what it becomes)
RULES: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "REVIEW": (
        (0.76, ("SUBJECT", "REST")),
        (0.16, ("A", "FRAGMENT")),
        (0.08, ("TRULY PHRASE", ".")),
    ),
    "REST": ((1.0, ("PREDICATE", "END")),),
    "END": ((0.4, (".",)), (0.6, (",", "SECOND"))),
    "SECOND": ((1.0, ("AND", "CLAUSE")),),
    "CLAUSE": ((1.0, ("SUBJECT", "LAST")),),
    "LAST": ((1.0, ("PREDICATE", ".")),),
    "SUBJECT": ((1.0, ("THE", "NOUN")),),
    "NOUN": (
        (0.35, ("THING",)),
        (0.2, ("KIND",)),
        (0.25, ("PLAIN", "THING")),
        (0.2, ("ADJECTIVE", "KIND")),
    ),
    "PREDICATE": (
        (0.4, ("IS", "VERDICT")),
        (0.1, ("FEELS", "QUALITY")),
        (0.15, ("VERB",)),
        (0.09, ("FOLLOWS", "SOMEONE")),
        (0.08, ("MEETS", "SOMEONE THERE")),
        (0.09, ("OPENS", "SOMEWHERE")),
        (0.09, ("RUNS", "DURATION")),
    ),
    "VERDICT": (
        (0.55, ("ADJECTIVE",)),
        (0.15, ("NOT", "ADJECTIVE")),
        (0.1, ("TRULY PHRASE",)),
        (0.2, ("A", "THAT")),
    ),
    "THAT": ((0.6, ("PRAISE",)), (0.4, ("ADJECTIVE", "KIND"))),
    "QUALITY": ((0.7, ("ADJECTIVE",)), (0.3, ("TRULY PHRASE",))),
    "TRULY PHRASE": ((1.0, ("TRULY", "MILD")),),
    "ADJECTIVE": ((0.25, ("SUPERB",)), (0.25, ("GOOD",)), (0.25, ("WEAK",)), (0.25, ("BAD",))),
    "MILD": ((0.5, ("GOOD",)), (0.5, ("WEAK",))),
    "VERB": ((0.25, ("SOARS",)), (0.25, ("SUCCEEDS",)), (0.25, ("DRAGS",)), (0.25, ("FAILS",))),
    "PRAISE": ((0.25, ("JOY",)), (0.25, ("TREAT",)), (0.25, ("MESS",)), (0.25, ("BORE",))),
    "SOMEONE": ((1.0, ("A", "ROLE")),),
    "SOMEONE THERE": ((1.0, ("SOMEONE", "SOMEWHERE")),),
    "SOMEWHERE": ((1.0, ("IN", "PLACE")),),
    "DURATION": ((1.0, ("FOR", "SPELL")),),
    "SPELL": ((1.0, ("NUMBER", "TIME")),),
    "FRAGMENT": ((1.0, ("ADJECTIVE", "CLOSE")),),
    "CLOSE": ((1.0, ("KIND", "MATTER")),),
    "MATTER": ((0.4, (".",)), (0.3, ("ABOUT", "PEOPLE")), (0.3, ("SET", "THERE"))),
    "PEOPLE": ((1.0, ("SOMEONE", ".")),),
    "THERE": ((1.0, ("SOMEWHERE", ".")),),
}

LABEL = {word.lower(): label for label, words in LEXICON.values() for word in words}
MODIFIER = {word: name for name in ("NOT", "TRULY") for word in LEXICON[name][1]}


def combine(modifier: str, value: int) -> int:
    """The score of a polar word after a modifier: "NOT", "TRULY" or "" for none.

    Example:
        >>> combine("NOT", 2), combine("NOT", -1), combine("TRULY", -1), combine("", 2)
        (-1, 1, -2, 2)
    """
    if modifier == "NOT":
        return -1 if value > 0 else 1
    return 2 * value if modifier == "TRULY" else value


def score(words: Sequence[str]) -> int:
    """The score s of a sentence, clipped to −2 … 2; its most probable label is s + 2.

    Args:
        words: A sentence of the grammar; words that it does not know count as neutral.

    Example:
        >>> score("The finale soars , but the script is not good .".split())
        1
    """
    total, modifier = 0, ""
    for word in map(str.lower, words):
        if word in MODIFIER:
            modifier = MODIFIER[word]
        elif value := LABEL.get(word, 2) - 2:
            total += combine(modifier, value)
            modifier = ""
    return max(-2, min(2, total))
