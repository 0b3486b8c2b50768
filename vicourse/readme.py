"""What README.md says of a new unit: its row in the table of units, and the count of answers."""

from __future__ import annotations

import re

__all__ = ["announce"]

ROW = re.compile(r"^\| \[\d\d\]\(notebooks/(\w+)/.*\n", flags=re.MULTILINE)


def announce(text: str, unit: str, wrong: int, right: int) -> str:
    """The text of README.md with one more unit, whose exercises are those of the skeleton.

    Args:
        text: README.md as it is.
        unit: Name of the new unit.
        wrong: How many wrong answers it brings along.
        right: How many right ones.

    Example:
        >>> print(announce("| [01](notebooks/01_a/01_a.ipynb) | …\\n9 wrong answers", "02_b", 3, 2))
        | [01](notebooks/01_a/01_a.ipynb) | …
        | [02](notebooks/02_b/02_b.ipynb) | topic | picture | 1 checked, 1 written |
        12 wrong answers
    """
    link = f"[{unit[:2]}](notebooks/{unit}/{unit}.ipynb)"
    row = f"| {link} | topic | picture | 1 checked, 1 written |\n"
    earlier = [match.end() for match in ROW.finditer(text) if match[1] < unit]
    if earlier:
        text = text[: earlier[-1]] + row + text[earlier[-1] :]
    text = more(text, "wrong answers", wrong)
    return more(text, "right ones", right)


def more(text: str, what: str, number: int) -> str:
    """The text with the number before `what` raised."""
    return re.sub(rf"\d+(?= {what})", lambda found: str(int(found[0]) + number), text)
