"""The generated language: its exact numbers are computed a second time, by other means."""

import hashlib
import math
from collections import Counter
from random import Random

import pytest

from vilib.datasets import (
    Text,
    encode_text,
    language_entropy,
    language_log_prob,
    sentence_facts,
    text_vocabulary,
)
from vilib.datasets import topic_of as topic
from vilib.datasets.language import draw_sentences, language
from vilib.datasets.language_grammar import LEXICON, RULES, START, TOPICS
from vilib.datasets.language_truth import mean_length
from vilib.datasets.registry import entry


@pytest.fixture(scope="module")
def many():
    """20,000 sentences, for frequencies."""
    return draw_sentences(20_000, Random(7))


def expansions(symbol):
    """Every sequence of categories that a symbol becomes, with its probability."""
    if symbol in LEXICON:
        return [(1.0, (symbol,))]
    found = []
    for weight, parts in RULES[symbol]:
        sequences = [(weight, ())]
        for part in parts:
            below = expansions(part)
            sequences = [(p * q, a + b) for p, a in sequences for q, b in below]
        found += sequences
    return found


@pytest.fixture(scope="module")
def enumerated():
    return expansions(START)


def test_rules_are_distributions_over_sentences_of_6_to_12_words(enumerated):
    for symbol, rules in RULES.items():
        assert sum(weight for weight, _ in rules) == pytest.approx(1, abs=1e-12), symbol
    assert sum(p for p, _ in enumerated) == pytest.approx(1, abs=1e-9)
    assert {len(categories) for _, categories in enumerated} == set(range(6, 13))


def test_a_sentence_has_one_derivation(enumerated):
    words = [word for category in LEXICON.values() for word in category]
    assert len(words) == len(set(words)), "no word belongs to two categories"
    sequences = [categories for _, categories in enumerated]
    assert len(sequences) == len(set(sequences))


def test_entropy_and_length_by_enumeration(enumerated):
    def inside(categories):
        return sum(math.log(len(LEXICON[c])) for c in categories)

    entropy = sum(p * (-math.log(p) + inside(c)) for p, c in enumerated)
    assert language_entropy() == pytest.approx(entropy, abs=1e-9)
    assert mean_length() == pytest.approx(sum(p * len(c) for p, c in enumerated), abs=1e-9)


def test_log_prob_is_that_of_the_one_derivation(enumerated, many):
    category = {word: name for name, words in LEXICON.items() for word in words}
    of = {categories: p for p, categories in enumerated}
    for sentence in many[:300]:
        categories = tuple(category[word] for word in sentence)
        expected = math.log(of[categories]) - sum(math.log(len(LEXICON[c])) for c in categories)
        assert language_log_prob(sentence) == pytest.approx(expected, abs=1e-9)


def test_what_the_grammar_has_not_is_impossible():
    good = ["today", "the", "diver", "paints", "this", "raft"]
    assert math.isfinite(language_log_prob(good))
    for bad in (
        good[1:],
        [*good, "today"],
        ["today", "the", "diver", "painted", "this", "raft"],  # wrong tense
        ["today", "the", "divers", "paints", "this", "raft"],  # wrong number
        ["today", "the", "diver", "paints", "this", "loaf"],  # wrong topic
        ["today", "the", "diver", "paints", "this", "whale"],  # no such word
        [],
    ):
        assert language_log_prob(bad) == -math.inf


def test_samples_agree_with_the_entropy(many):
    surprise = [-language_log_prob(sentence) for sentence in many[:4000]]
    mean = sum(surprise) / len(surprise)
    variance = sum((s - mean) ** 2 for s in surprise) / len(surprise)
    assert abs(mean - language_entropy()) < 5 * (variance / len(surprise)) ** 0.5


def test_topics_are_told_and_equally_likely(many):
    counts = Counter(map(topic, many))
    assert set(counts) == set(TOPICS)
    error = (len(many) * (1 / 8) * (7 / 8)) ** 0.5
    assert all(abs(count - len(many) / 8) < 5 * error for count in counts.values())
    assert topic(("hello",)) == ""


def test_the_text_is_the_registered_one_and_the_seed_matters():
    text = language()
    assert text.record.sha256 == entry("language").file.sha256
    written = "".join(
        " ".join(s) + "\n" for split in (text.train, text.dev, text.test) for s in split
    )
    assert hashlib.sha256(written.encode()).hexdigest() == text.record.sha256
    assert len(written.encode()) == entry("language").file.bytes
    other = language(seed=2, sizes=(5, 1, 1))
    assert other.train != text.train[:5]
    assert language(seed=2, sizes=(5, 1, 1)) == other


def test_few_sentences_stand_in_two_splits():
    text = language()
    assert len(set(text.train) & set(text.test)) < 0.01 * len(text.test)


def test_splits_by_name():
    text = language(sizes=(2, 1, 1))
    assert text["train"] == text.train
    with pytest.raises(KeyError, match="no split 'valid'; there are train, dev, test"):
        text["valid"]


def test_vocabulary_keeps_the_commonest_and_counts_the_rest():
    sentences = [("b", "a", "a"), ("c", "a", "b")]
    whole = text_vocabulary(sentences)
    assert whole.words == ("<pad>", "<unk>", "<bos>", "<eos>", "a", "b", "c")
    assert whole.counts == (0, 0, 2, 2, 3, 2, 1)
    small = text_vocabulary(sentences, num_words=1)
    assert (small.words[4:], small.counts[1]) == (("a",), 3)
    corpus = encode_text(sentences, small)
    assert corpus.tokens.tolist() == [1, 4, 4, 1, 4, 1]
    assert isinstance(language(sizes=(1, 1, 1)), Text)


def test_facts_are_those_of_the_derivation(many):
    """Told by other words than the function looks at: verbs and determiners."""
    for words in many[:500]:
        facts = sentence_facts(words)
        verb = next(
            w for w in words if any(w in LEXICON[c] for c in LEXICON if c.startswith("VERB"))
        )
        category = next(name for name, members in LEXICON.items() if verb in members).split()
        assert (facts["topic"], facts["tense"]) == (category[1], category[2])
        if facts["tense"] == "present":
            assert facts["number"] == category[3]
        first = {"today", "yesterday", "last", "every"}
        assert (facts["order"] == "time first") == (words[0] in first)
        assert (facts["place"] == "told") == bool({"in", "near"} & set(words))
    counts = {k: Counter(sentence_facts(w)[k] for w in many) for k in ("tense", "number", "order")}
    for count in counts.values():
        assert len(count) == 2
        assert all(abs(n - 10_000) < 5 * 71 for n in count.values())
