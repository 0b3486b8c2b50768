r"""Trees in the bracket format of the Stanford Sentiment Treebank.

One tree a line. A node is `(label word)` or `(label node node …)`, with one space between the parts
and labels 0 (very negative) to 4 (very positive):

    (3 (2 It) (4 (2 's) (4 good)))

A word is all that stands between the space after the label and the closing bracket. Nothing in it
is changed: `-LRB-` stays `-LRB-`, `\/` stays `\/`. The no-break space (U+00A0) of `2 1\/2`, at
which `str.split` would cut, stays inside its word; at a word's edge it is an error, as is an
ordinary space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vilib.datasets.error import DataError
from vilib.datasets.malformed import diagnose

__all__ = ["Span", "Tree", "parse_tree", "parse_trees"]

# after a closing bracket: one space and a sister, or the mother's closing bracket, or the end
NEXT = r"(?: (?=\()|(?=\)|$))"
WORD = r"(?!\s)[^() \t\r\n\f\v]+(?<!\s)"
# a leaf or an opening bracket, each with its label; a closing bracket; else one wrong character
PIECE = re.compile(rf"\(([0-4]) (?:({WORD})\){NEXT}|(?=\())|(\)){NEXT}|(.)", re.DOTALL)

Span = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence, its label and the label of every phrase.

    Args:
        label: Label of the whole sentence, 0–4.
        words: The T words, left to right.
        leaf_labels: Labels of the T words.
        spans: `(start, end, label)` of every node that has children, in the order in which the text
            opens them; the node covers the words `start` to `end - 1`.

    Source: R. Socher, A. Perelygin, J. Wu, J. Chuang, C. Manning, A. Ng and C. Potts, 2013,
        Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank,
        https://aclanthology.org/D13-1170

    Example:
        >>> tree = parse_tree("(3 (2 It) (4 (2 's) (4 good)))")
        >>> tree.label, tree.words, tree.leaf_labels
        (3, ('It', "'s", 'good'), (2, 2, 4))
        >>> tree.spans
        ((0, 3, 3), (1, 3, 4))
        >>> print(tree)
        (3 (2 It) (4 (2 's) (4 good)))
    """

    label: int
    words: tuple[str, ...]
    leaf_labels: tuple[int, ...]
    spans: tuple[Span, ...]

    @property
    def polar(self) -> tuple[bool, ...]:
        """Which words carry a feeling: those whose own label is not 2."""
        return tuple(label != 2 for label in self.leaf_labels)

    def __str__(self) -> str:
        """The tree in bracket format, exactly as it was read."""
        before = [""] * len(self.words)
        after = [0] * len(self.words)
        for start, end, label in self.spans:
            before[start] += f"({label} "
            after[end - 1] += 1
        leaves = zip(before, self.leaf_labels, self.words, after, strict=True)
        return " ".join(f"{b}({label} {word}){')' * a}" for b, label, word, a in leaves)


def parse_tree(text: str, file: str = "text", line: int = 1) -> Tree:
    """Read one tree. The work is a loop, not a recursion, so no depth is too deep.

    Args:
        text: One tree, without the line's end.
        file: Name of the file, for the error.
        line: Number of the line from 1, for the error.

    Raises:
        DataError: A bracket is missing or left over, a label is missing or outside 0–4, a word is
            missing, or a space stands where none belongs. The message names file and line.

    Example:
        >>> parse_tree("(3 (7 good))", "dev.txt", 12)
        Traceback (most recent call last):
        vilib.datasets.error.DataError: dev.txt, line 12: label 7 at column 5, expected a label 0–4
    """
    words: list[str] = []
    leaf_labels: list[int] = []
    spans: list[Span] = []
    stack: list[int] = []
    for label, word, closing, wrong in PIECE.findall(text):
        if word:
            words.append(word)
            leaf_labels.append(int(label))
        elif label:
            stack.append(len(spans))
            spans.append((len(words), 0, int(label)))
        elif closing and stack:
            node = stack.pop()
            start, _, label = spans[node]
            spans[node] = (start, len(words), label)
        elif closing or wrong:
            raise DataError(file, diagnose(text), line)
    # a bracket still open leaves the root's span without an end
    root = spans[0] if spans else (0, 1, leaf_labels[0] if leaf_labels else 0)
    if not words or root[:2] != (0, len(words)):
        raise DataError(file, diagnose(text), line)
    return Tree(root[2], tuple(words), tuple(leaf_labels), tuple(spans))


def parse_trees(text: str, file: str = "text") -> Iterator[Tree]:
    r"""Read a file's text, one tree a line; lines end in `\n` or `\r\n`, the last may lack its end.

    Raises:
        DataError: As `parse_tree`, or the text is empty or a line of it is.

    Example:
        >>> [tree.label for tree in parse_trees("(3 good)\n(1 dull)\n")]
        [3, 1]
    """
    # not str.splitlines, which also cuts at U+0085 and U+2028
    lines = text.removesuffix("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        yield parse_tree(line.removesuffix("\r"), file, number)
