"""Say what is wrong with a line that is no tree: the first fault, its column, what was expected."""

from __future__ import annotations

import re

__all__ = ["diagnose"]

# what stands after an opening bracket: label, perhaps a space, perhaps a word, the next bracket
NODE = re.compile(r"\((?P<label>[^()\s]*)(?P<gap>\s?)(?P<word>[^()]*)(?P<next>.?)", re.DOTALL)
NUMBER = re.compile(r"[-+]?[0-9.]+")
ENDS_AFTER = "unbalanced bracket or stray space: the line ends after"
SPACE = re.compile(r"[ \t\r\n\f\v]")


def diagnose(text: str) -> str:
    """The first fault of a line that should hold one tree.

    Args:
        text: The line, known to be malformed.

    Example:
        >>> diagnose("(3 (2 a) (2 b)")
        "unbalanced bracket: the line ends with 1 '(' still open, expected ')'"
        >>> diagnose("(3 very good)")
        "space inside the word 'very good' at column 4, expected one word a leaf"
    """
    if not text.strip():
        return "empty line, expected a tree such as (3 (2 It) (4 works))"
    depth, at, fault = 0, 0, ""
    while at < len(text) and not fault:
        if text[at] == ")" and depth:
            depth, (fault, at) = depth - 1, separator(text, at + 1)
        elif text[at] == "(" and (depth or not at):
            fault, opened, at = node(text, at)
            depth += opened
        else:
            fault = misplaced(text, at)
    return fault or f"unbalanced bracket: the line ends with {depth} '(' still open, expected ')'"


def misplaced(text: str, at: int) -> str:
    """The fault of a character that cannot stand where it stands."""
    if text[at] == ")":
        return f"unbalanced bracket: ')' at column {at + 1} closes nothing, expected the line's end"
    if text[at] == "(":
        return f"a second tree at column {at + 1}, expected one tree a line"
    return f"{text[at]!r} at column {at + 1}, expected '('"


def separator(text: str, at: int) -> tuple[str, int]:
    """What follows a closing bracket: a fault or "", and where the next bracket stands."""
    if at == len(text) or text[at] == ")":
        return "", at
    if text[at:] == " ":
        return f"{ENDS_AFTER} ' ' at column {at + 1}, expected ')' or the line's end", at
    if text[at : at + 2] == " (":
        return "", at + 1
    return f"{text[at]!r} at column {at + 1}, expected ' (' or ')' or the line's end", at


def node(text: str, at: int) -> tuple[str, bool, int]:
    """What starts at "(": a fault or "", whether the bracket stays open, and where to go on."""
    match = NODE.match(text, at)
    label, gap, word, following = match.group("label", "gap", "word", "next")
    if NUMBER.fullmatch(label) and label not in tuple("01234"):
        return f"label {label} at column {at + 2}, expected a label 0–4", False, at
    if not following:
        return f"{ENDS_AFTER} {text[at:]!r}, expected ')'", False, at
    if label not in tuple("01234"):
        return f"missing label at column {at + 2}, expected a label 0–4", False, at
    if gap == " " and not word and following == "(":
        return "", True, match.start("next")
    fault = leaf(gap, word, following, match.start("gap") + 1)
    if fault:
        return fault, False, at
    fault, at = separator(text, match.end())
    return fault, False, at


def leaf(gap: str, word: str, following: str, column: int) -> str:
    """The fault of a leaf, or ""; `column` is where the gap between label and word stands."""
    if gap != " " or not word.strip():
        return f"no word after the label at column {column}, expected ' ' and a word or a node"
    if SPACE.search(word):
        return f"space inside the word {word!r} at column {column + 1}, expected one word a leaf"
    if word != word.strip():
        return f"space at the edge of the word {word!r} at column {column + 1}, expected none there"
    if following == "(":
        return f"'(' after the word {word!r} at column {column + 1}, expected ')'"
    return ""
