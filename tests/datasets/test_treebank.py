"""The generated treebank: what is said to be exact is computed a second time, by other means."""

import math
import time
from collections import Counter
from random import Random

import pytest
import torch

from vilib.datasets import label_probabilities, treebank, treebank_truth
from vilib.datasets.grammar import LEXICON, RULES, START, score
from vilib.datasets.registry import entry
from vilib.datasets.treebank import generate
from vilib.datasets.trees import parse_trees

WORD_LABEL = {w.lower(): label for label, words in LEXICON.values() for w in words}


@pytest.fixture(scope="module")
def data():
    return treebank()


@pytest.fixture(scope="module")
def many():
    """20,000 sentences, for frequencies."""
    return list(parse_trees(generate(20_000, Random(7))))


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


def worth(categories):
    """Score of a sequence of categories, straight from the words of the documentation."""
    total = 0
    for before, category in zip(("", *categories), categories):
        value = {4: 2, 3: 1, 2: 0, 1: -1, 0: -2}[LEXICON[category][0]]
        if category in ("NOT", "TRULY"):
            continue
        if before == "NOT":
            value = -(value // abs(value))
        total += 2 * value if before == "TRULY" else value
    return min(2, max(-2, total))


@pytest.fixture(scope="module")
def enumerated():
    return expansions(START)


def word_entropy(category):
    words = LEXICON[category][1]
    return -sum(n / len(words) * math.log(n / len(words)) for n in Counter(words).values())


def test_rules_are_distributions_over_words_with_one_label(enumerated):
    for symbol, rules in RULES.items():
        assert sum(weight for weight, _ in rules) == pytest.approx(1, abs=1e-12), symbol
        assert all(len(parts) <= 2 for _, parts in rules)
    assert sum(p for p, _ in enumerated) == pytest.approx(1, abs=1e-9)
    assert all(WORD_LABEL[w.lower()] == label for label, words in LEXICON.values() for w in words)
    assert {len(c) for _, c in enumerated} <= set(range(3, 21))


def first(symbol):
    """The words with which a symbol can begin."""
    if symbol in LEXICON:
        return set(LEXICON[symbol][1])
    return set().union(*(first(parts[0]) for _, parts in RULES[symbol]))


def test_first_word_tells_the_rule_so_a_sentence_has_one_derivation():
    for symbol, rules in RULES.items():
        starts = [first(parts[0]) for _, parts in rules]
        assert sum(map(len, starts)) == len(set().union(*starts)), symbol


def test_exact_facts_by_enumeration(enumerated):
    truth = treebank_truth()
    of_score = torch.zeros(5, dtype=torch.double)
    for p, categories in enumerated:
        of_score[worth(categories) + 2] += p
    rows = torch.tensor(
        [
            [0.85, 0.15, 0, 0, 0],
            [0.075, 0.85, 0.075, 0, 0],
            [0, 0.075, 0.85, 0.075, 0],
            [0, 0, 0.075, 0.85, 0.075],
            [0, 0, 0, 0.15, 0.85],
        ],
        dtype=torch.double,
    )
    joint = of_score[:, None] * rows
    # H(y | x) = H(s, y) − H(s), since x decides s and y depends on s alone
    conditional = -torch.xlogy(joint, joint).sum() + torch.xlogy(of_score, of_score).sum()
    torch.testing.assert_close(truth.class_probabilities, joint.sum(0), rtol=0, atol=1e-12)
    assert truth.bayes_accuracy == pytest.approx(float(joint.amax(1).sum()), abs=1e-12)
    assert truth.conditional_entropy == pytest.approx(float(conditional), abs=1e-12)
    marginal = joint.sum(0)
    assert truth.label_entropy == pytest.approx(
        float(-(marginal * marginal.log()).sum()), abs=1e-12
    )
    assert truth.mutual_information == pytest.approx(
        truth.label_entropy - truth.conditional_entropy, abs=1e-12
    )


def test_sentence_entropy_by_enumeration(enumerated):
    entropies = {category: word_entropy(category) for category in LEXICON}
    total = sum(p * (-math.log(p) + sum(entropies[c] for c in cs)) for p, cs in enumerated)
    assert treebank_truth().sentence_entropy == pytest.approx(total, abs=1e-9)


def log_prob(words):
    """log p(sentence): a predictive parser, which needs no more than the next word."""
    words = [words[0].lower(), *words[1:]]
    stack, total = [START], 0.0
    for word in words:
        while (symbol := stack.pop()) not in LEXICON:
            (weight, parts) = next(r for r in RULES[symbol] if word in first(r[1][0]))
            stack += reversed(parts)
            total += math.log(weight)
        total += math.log(LEXICON[symbol][1].count(word) / len(LEXICON[symbol][1]))
    assert not stack
    return total


def within(draws, truth, errors=5):
    draws = torch.tensor(draws, dtype=torch.double)
    return abs(draws.mean() - truth) <= errors * draws.std() / len(draws) ** 0.5


def test_sentences_have_the_entropy_that_is_said(many):
    assert within(
        [-log_prob(tree.words) for tree in many[:4000]], treebank_truth().sentence_entropy
    )


def test_labels_have_the_accuracy_and_entropy_that_are_said(many):
    truth = treebank_truth()
    rows = [label_probabilities(tree.words) for tree in many]
    assert within([float(r.argmax() == t.label) for r, t in zip(rows, many)], truth.bayes_accuracy)
    surprise = [-math.log(r[t.label]) for r, t in zip(rows, many)]
    assert within(surprise, truth.conditional_entropy)
    for label in range(5):
        share = [float(t.label == label) for t in many]
        assert within(share, float(truth.class_probabilities[label]))


def test_the_marked_words_decide_and_no_other(data):
    for tree in data.train:
        marked = [word for word, polar in zip(tree.words, tree.polar) if polar]
        assert tree.leaf_labels == tuple(WORD_LABEL[word.lower()] for word in tree.words)
        assert score(marked) == score(tree.words)
        neutral = [word if polar else "film" for word, polar in zip(tree.words, tree.polar)]
        assert torch.equal(label_probabilities(neutral), label_probabilities(tree.words))


def test_every_phrase_below_the_root_has_its_exact_label(data):
    for tree in data.train:
        for start, end, label in tree.spans[1:]:
            assert label == score(tree.words[start:end]) + 2


def test_sizes_lengths_and_shape(data):
    assert [len(data.train), len(data.dev), len(data.test)] == [4000, 500, 1000]
    for tree in data.train:
        assert 3 <= len(tree.words) <= 20
        assert len(tree.spans) == len(tree.words) - 1, "SST's trees are binary, and so are these"
        assert tree.words[0][0].isupper()
        assert tree.words[-1] == "."


def test_rationales_are_short_and_some_are_empty(data):
    shares = [sum(tree.polar) / len(tree.words) for tree in data.train]
    assert 0.1 < sum(shares) / len(shares) < 0.3
    assert 0.05 < sum(share == 0 for share in shares) / len(shares) < 0.2


def test_same_seed_same_bytes_as_registered(data):
    assert data.record.sha256 == entry("treebank").file.sha256
    assert treebank().train == data.train
    assert treebank(seed=2).train != data.train
    assert treebank(sizes=(10, 3, 4)).train.trees == data.train.trees[:10]
    assert data.record.origin == "generated"


def test_splits_are_drawn_apart(data):
    assert data.train.trees[:500] != data.dev.trees
    assert data.dev.trees != data.test.trees[:500]


def test_generation_is_quick_and_leaves_torch_alone():
    state, start = torch.get_rng_state(), time.process_time()
    treebank(seed=3)
    assert time.process_time() - start < 1
    assert torch.equal(state, torch.get_rng_state())
