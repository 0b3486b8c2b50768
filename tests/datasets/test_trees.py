"""The bracket format: round trips, and every malformed line is told for what it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vilib.datasets import DataError, parse_tree, parse_trees

LABELS = st.integers(0, 4)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="() \t\r\n\f\v"), min_size=1, max_size=6
).filter(lambda word: word == word.strip())
# a leaf is (label, word), a node (label, [nodes])
NODES = st.recursive(
    st.tuples(LABELS, WORDS),
    lambda nodes: st.tuples(LABELS, st.lists(nodes, min_size=1, max_size=3)),
    max_leaves=12,
)


def write(node):
    label, rest = node
    return f"({label} {rest if isinstance(rest, str) else ' '.join(map(write, rest))})"


def leaves(node):
    label, rest = node
    return [(label, rest)] if isinstance(rest, str) else [x for n in rest for x in leaves(n)]


def spans(node, start=0):
    label, rest = node
    if isinstance(rest, str):
        return []
    found = [(start, start + len(leaves(node)), label)]
    for child in rest:
        found += spans(child, start)
        start += len(leaves(child))
    return found


@settings(deadline=None)
@given(NODES)
def test_tree_to_text_to_tree(node):
    tree = parse_tree(write(node))
    assert tree.label == node[0]
    assert list(zip(tree.leaf_labels, tree.words)) == leaves(node)
    assert list(tree.spans) == spans(node)
    assert str(tree) == write(node)


@settings(deadline=None)
@given(NODES, st.data())
def test_a_lost_bracket_is_found(node, data):
    text = write(node)
    at = data.draw(st.sampled_from([i for i, char in enumerate(text) if char in "()"]))
    with pytest.raises(DataError, match="expected"):
        parse_tree(text[:at] + text[at + 1 :])


@settings(deadline=None)
@given(NODES, st.data())
def test_a_bracket_too_many_is_found(node, data):
    text = write(node)
    at = data.draw(st.integers(0, len(text)))
    with pytest.raises(DataError, match="expected"):
        parse_tree(text[:at] + data.draw(st.sampled_from("()")) + text[at:])


@settings(deadline=None)
@given(st.text("()0123457 ab\u00a0\t\u2003", max_size=30))
def test_any_text_is_a_tree_or_has_a_fault(text):
    try:
        outcome = str(parse_tree(text))
    except DataError as error:
        outcome = error.problem
    else:
        assert outcome == text
    # the last resort of the diagnosis must not be reached without an open bracket
    assert "with 0 '('" not in outcome


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("(3 (2 It) (4 works)", "unbalanced bracket: the line ends with 1 '(' still open"),
        ("(3 (2 It) (4 works)))", "unbalanced bracket: ')' at column 21 closes nothing"),
        ("(3 (2 It) (4 wor", "unbalanced bracket"),
        ("(3 (2 It) ", "unbalanced bracket"),
        ("(", "unbalanced bracket"),
        ("(5 (2 It) (4 works))", "label 5 at column 2, expected a label 0–4"),
        ("(3 (2 It) (-1 works))", "label -1 at column 12, expected a label 0–4"),
        ("(3 (2 It) (10 works))", "label 10 at column 12, expected a label 0–4"),
        ("(3 (2 It) (works))", "missing label at column 12, expected a label 0–4"),
        ("((2 It) (4 works))", "missing label at column 2, expected a label 0–4"),
        ("(3 (2 It) (² works))", "missing label at column 12"),
        ("(3 (2 It) (4 really works))", "space inside the word 'really works' at column 14"),
        ("(3 (2 It) (4 really\tworks))", "space inside the word"),
        ("(3 (2 It) (4 works ))", "space inside the word"),
        ("(3 (2 It) (4 \u00a0))", "no word after the label at column 13"),
        ("(3 (2 It) (4 works\u00a0))", "space at the edge of the word"),
        ("(3 (2 It) (4))", "no word after the label"),
        ("(3 (2 It) (4 ))", "no word after the label"),
        ("(3 (2 It) ())", "missing label"),
        ("(3 (2 It)  (4 works))", "expected ' ('"),
        ("(3 (2 It)(4 works))", "expected ' ('"),
        ("(3 (2 It) (4 works)) ", "expected"),
        (" (3 (2 It) (4 works))", "' ' at column 1, expected '('"),
        ("(3 (2 It) works)", "expected ' ('"),
        ("(3 works (2 It))", "space inside the word"),
        ("(3 works(2 It))", "'(' after the word 'works'"),
        ("(3 works) (2 It)", "a second tree at column 11, expected one tree a line"),
        ("It works", "'I' at column 1, expected '('"),
        ("", "empty line, expected a tree"),
        ("  ", "empty line, expected a tree"),
    ],
)
def test_malformed(line, problem):
    with pytest.raises(DataError) as caught:
        parse_tree(line, "dev.txt", 7)
    assert (caught.value.file, caught.value.line) == ("dev.txt", 7)
    assert problem in caught.value.problem
    assert str(caught.value).startswith("dev.txt, line 7: ")


def test_no_break_space_stays_in_its_word():
    tree = parse_tree("(3 (2 8\u00a01\\/2) (3 -LRB-))")
    assert tree.words == ("8\u00a01\\/2", "-LRB-")


def test_depth_is_no_limit():
    depth = 50_000
    tree = parse_tree("(1 " * depth + "(4 deep)" + ")" * depth)
    assert (tree.label, tree.words, len(tree.spans)) == (1, ("deep",), depth)
    with pytest.raises(DataError, match="unbalanced"):
        parse_tree("(1 " * depth + "(4 deep)" + ")" * (depth - 1))


def test_lines_end_at_line_feeds_alone():
    # U+0085 and U+2028 end a line for str.splitlines
    text = "(3 a\u0085b)\r\n(1 c\u2028d)"
    assert [tree.words for tree in parse_trees(text)] == [("a\u0085b",), ("c\u2028d",)]


def test_empty_file_and_empty_line():
    with pytest.raises(DataError, match=r"dev.txt, line 1: empty line, expected a tree"):
        list(parse_trees("", "dev.txt"))
    with pytest.raises(DataError, match=r"dev.txt, line 2: empty line, expected a tree"):
        list(parse_trees("(3 good)\n\n(3 good)\n", "dev.txt"))


def test_polar_words():
    assert parse_tree("(3 (2 It) (3 (1 not) (0 bad)))").polar == (False, True, True)
