"""Make a submission ours again: our tests, our metadata and tags, the student's answers and cells.

What was altered is written down in `notebook.metadata["vicourse"]`: `withheld` (exercise →
reasons, no marks until a human has looked) and `notes` (worth knowing, marks are given).
"""

from __future__ import annotations

import copy
from collections import defaultdict
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from vicourse.grade.reading import bare, give_ids
from vicourse.grade.released import Exercise, Released, read_released, stated

__all__ = ["Clean", "restore"]

MARKING = ("grade", "solution", "locked", "task", "points", "grade_id")


class Clean(NbGraderPreprocessor):
    """nbgrader's first step on a submission: `restore` it from the notebook that was released."""

    release = Unicode("notebooks", help="Folder of released notebooks, below the course.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Restore the notebook in place."""
        named = resources["nbgrader"]
        path = Path(self.release) / named["assignment"] / f"{named['notebook']}.ipynb"
        nb.cells = [nbformat.from_dict(bare(cell)) for cell in nb.cells]
        give_ids(nb)
        restore(nb, read_released(path.resolve()))
        return nb, resources


class Findings:
    """What was altered in a submission."""

    def __init__(self, released: Released) -> None:
        self.released = released
        self.withheld: dict[str, list[str]] = defaultdict(list)
        self.notes: list[str] = []

    def withhold(self, grade_id: str, reason: str) -> None:
        """Keep back the marks of the exercise that a cell belongs to."""
        exercise = self.released.exercise_of(grade_id)
        if exercise is None:
            self.notes.append(reason)
        elif reason not in self.withheld[exercise.name]:
            self.withheld[exercise.name].append(reason)


def restore(notebook: NotebookNode, released: Released) -> None:
    """Bring a submission back to what was released but for the student's work, in place.

    Args:
        notebook: A submission as `reading.parse` gives it. Its test cells get our metadata here
            and our source, hidden tests included, from the gradebook in nbgrader's own next step.
        released: What was handed out.
    """
    findings = Findings(released)
    mine = claim(notebook.cells, released, findings)
    for grade_id, cell in mine.items():
        compare(grade_id, cell, released.graded[grade_id], findings)
        take_over(cell, released.graded[grade_id])
    put_back(notebook, mine, released, findings)
    retag(notebook.cells, released, findings)
    place(notebook.cells, released)
    notebook.metadata["vicourse"] = {"withheld": dict(findings.withheld), "notes": findings.notes}


def claim(
    cells: list[NotebookNode], released: Released, findings: Findings
) -> dict[str, NotebookNode]:
    """For each of our cells the one that stands for it: that with our cell id, else the last."""
    by_id = {cell.id: grade_id for grade_id, cell in released.graded.items()}
    copies: dict[str, list[NotebookNode]] = defaultdict(list)
    for cell in cells:
        grade_id = by_id.get(cell.id) or stated(cell)
        if grade_id in released.graded:
            copies[grade_id].append(cell)
        cell.metadata.pop("vicourse", None)
    mine = {}
    for grade_id, found in copies.items():
        original = [cell for cell in found if cell.id == released.graded[grade_id].id]
        mine[grade_id] = (original or found)[-1]
        if len(found) > 1:
            findings.withhold(grade_id, f"cell {grade_id} is there {len(found)} times")
    chosen = {id(cell) for cell in mine.values()}
    for cell in cells:
        if id(cell) not in chosen:  # a copy, or a cell that nbgrader would take for one of its own
            cell.metadata.pop("nbgrader", None)
    return mine


def compare(grade_id: str, theirs: NotebookNode, ours: NotebookNode, findings: Findings) -> None:
    """Write down how one of our cells was altered."""
    meta = theirs.metadata.get("nbgrader")
    meta, wanted = meta if isinstance(meta, dict) else {}, ours.metadata.nbgrader
    changed = [key for key in MARKING if meta.get(key) != wanted.get(key)]
    if changed:
        was = ", ".join(f"{key} {wanted.get(key)} → {meta.get(key)}" for key in changed)
        findings.withhold(grade_id, f"the marking of cell {grade_id} was altered ({was[:120]})")
    if theirs.cell_type != ours.cell_type:
        findings.withhold(grade_id, f"cell {grade_id} was turned into {theirs.cell_type}")
    if "skip-execution" in tags(theirs):
        findings.withhold(grade_id, f"cell {grade_id} is tagged skip-execution")
    locked = wanted.get("locked") or (wanted.get("grade") and not wanted.get("solution"))
    if locked and theirs.source.strip() != ours.source.strip():
        findings.notes.append(f"cell {grade_id} was edited; ours was used")


def tags(cell: NotebookNode) -> list[Any]:
    """The tags of a cell, whatever somebody put there."""
    found = cell.metadata.get("tags")
    return found if isinstance(found, list) else []


def take_over(theirs: NotebookNode, ours: NotebookNode) -> None:
    """Give a cell our type, id and metadata."""
    theirs.metadata = copy.deepcopy(ours.metadata)
    if theirs.cell_type == ours.cell_type:
        return
    theirs.cell_type = ours.cell_type
    theirs.pop("attachments", None)
    if ours.cell_type == "code":
        theirs.update(outputs=[], execution_count=None)
    else:
        theirs.pop("outputs", None)
        theirs.pop("execution_count", None)


def put_back(
    notebook: NotebookNode, mine: dict[str, NotebookNode], released: Released, findings: Findings
) -> None:
    """Insert each of our cells that is missing after the one that came before it.

    A deleted answer cell stays deleted, as the answer may have been moved to another cell.
    """
    before: NotebookNode | None = None
    for cell in released.notebook.cells:
        grade_id = stated(cell)
        if grade_id is None:
            continue
        if grade_id in mine:
            before = mine[grade_id]
            continue
        meta = cell.metadata.nbgrader
        if meta.solution and not meta.grade:
            findings.notes.append(f"answer cell {grade_id} was deleted")
            continue
        findings.withhold(grade_id, f"cell {grade_id} was deleted")
        mine[grade_id] = copy.deepcopy(cell)
        where = next((i for i, c in enumerate(notebook.cells) if c is before), -1) if before else -1
        at = where + 1 if before else len(notebook.cells)
        notebook.cells.insert(at, mine[grade_id])
        before = mine[grade_id]


def retag(cells: list[NotebookNode], released: Released, findings: Findings) -> None:
    """Take tags of plain cells from our notebook, never from theirs; note what is missing."""
    sources = {cell.source: cell for cell in released.plain.values()}
    met: set[str] = set()
    for cell in cells:
        if "nbgrader" in cell.metadata:
            continue
        ours = released.plain.get(cell.id) or sources.get(cell.source)
        cell.metadata = nbformat.from_dict(
            {"tags": list(tags(ours))} if ours and tags(ours) else {}
        )
        if ours:
            met.add(ours.id)
    lost = [c for c in released.plain.values() if c.cell_type == "code" and c.id not in met]
    if lost:
        findings.notes.append(f"{len(lost)} code cell{'s' * (len(lost) > 1)} of the lesson deleted")


def place(cells: list[NotebookNode], released: Released) -> None:
    """Write on every cell which exercise it stands in, and which one answers for its failures.

    A cell stands in an exercise from its first answer to its last test. One outside answers to the
    exercise before it, or to the first.
    """
    automatic = [exercise for exercise in released.exercises if not exercise.written]
    spans = {exercise.name: span(cells, exercise) for exercise in automatic}
    spans = {name: span for name, span in spans.items() if span}
    for index, cell in enumerate(cells):
        inside = [name for name, (first, last) in spans.items() if first <= index <= last]
        earlier = [name for name, (first, _) in spans.items() if first <= index]
        own = released.exercise_of(stated(cell) or "")
        if own in automatic:  # also where cells were moved about
            inside = [own.name]
        blamed = (inside or earlier[-1:] or [e.name for e in automatic[:1]] or [None])[0]
        twin = released.plain.get(cell.id)
        ours = not inside and twin is not None and twin.source == cell.source
        where = inside[0] if inside else None
        cell.metadata["vicourse"] = {"inside": where, "blamed": blamed, "ours": ours}


def span(cells: list[NotebookNode], exercise: Exercise) -> tuple[int, int] | None:
    """Positions of an exercise's first and last cell."""
    ids = {*exercise.answers, *exercise.tests}
    found = [index for index, cell in enumerate(cells) if stated(cell) in ids]
    return (found[0], found[-1]) if found else None
