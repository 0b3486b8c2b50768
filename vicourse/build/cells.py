"""Cell ids that depend on the text alone, so that building twice gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from nbformat import NotebookNode

__all__ = ["Fault", "cell_id", "give_ids"]

# what nbformat accepts as an id
VALID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Fault(Exception):
    """A lesson or a built file is not as it must be; the message names it."""


def cell_id(cell: NotebookNode) -> str:
    """The cell's `grade_id` if nbgrader knows it, else a hash of its type and text.

    Raises:
        Fault: The `grade_id` cannot serve as a cell id.
    """
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id is None:
        text = f"{cell.cell_type}\n{cell.source}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]
    if not VALID.fullmatch(grade_id):
        raise Fault(f"grade_id {grade_id!r}: use 1 to 64 letters, digits, - and _")
    return grade_id


def give_ids(cells: list[NotebookNode]) -> None:
    """Set the id of every cell; equal cells are counted: `3f…`, `3f…-2`, `3f…-3`.

    Raises:
        Fault: Two cells share one `grade_id`.
    """
    seen: Counter[str] = Counter()
    for cell in cells:
        name = cell_id(cell)
        seen[name] += 1
        if seen[name] > 1 and "nbgrader" in cell.metadata:
            raise Fault(f"two cells have the grade_id {name!r}")
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"
