"""Words and their numbers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vilib.datasets import Vocabulary, parse_tree

SENTENCES = [["The", "film", "the", "Film"], ["a", "film"]]


def test_order_is_by_count_then_alphabet():
    vocabulary = Vocabulary.build(SENTENCES)
    assert vocabulary.words == ("<pad>", "<unk>", "film", "the", "a")
    assert vocabulary.counts == (0, 0, 3, 2, 1)


def test_case_and_rare_words():
    cased = Vocabulary.build(SENTENCES, lower=False, min_count=2)
    assert cased.words == ("<pad>", "<unk>", "film")
    assert cased.counts == (0, 4, 2)
    assert cased.encode(["film", "Film", "The"]) == [2, 1, 1]


def test_trees_and_word_lists_give_the_same():
    tree = parse_tree("(3 (2 It) (3 works))")
    assert Vocabulary.build([tree]) == Vocabulary.build([["It", "works"]])


def test_padding_and_unknown_are_never_met_in_text():
    vocabulary = Vocabulary.build([["<pad>", "<unk>", "x"]])
    assert vocabulary.encode(["<pad>"]) == [vocabulary.words.index("<pad>", 2)]
    assert len(set(vocabulary.encode(["<pad>", "<unk>", "x"]))) == 3


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=4), max_size=5), max_size=6))
def test_round_trip_and_totals(sentences):
    vocabulary = Vocabulary.build(sentences, lower=False)
    for words in sentences:
        numbers = vocabulary.encode(words)
        assert all(number >= 2 for number in numbers)
        assert vocabulary.decode(numbers) == words
    assert sum(vocabulary.counts) == sum(map(len, sentences))
