"""What we released: the notebook, its exercises, and which cells grading leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

__all__ = ["Exercise", "Released", "read_released"]


@dataclass(frozen=True)
class Exercise:
    """One exercise of a released notebook: the answers that come before a run of tests.

    Attributes:
        name: `grade_id` of its first answer cell.
        answers: `grade_id`s of its answer cells.
        tests: `grade_id`s of its test cells; empty for a written exercise.
        points: What it is worth.
    """

    name: str
    answers: tuple[str, ...]
    tests: tuple[str, ...]
    points: float

    @property
    def written(self) -> bool:
        """Whether a human gives the marks."""
        return not self.tests


@dataclass(frozen=True)
class Released:
    """A released notebook.

    Attributes:
        notebook: As it was handed out.
        exercises: In order.
        graded: `grade_id` → cell, for every cell that nbgrader knows.
        plain: Cell id → cell, for all others.
    """

    notebook: NotebookNode
    exercises: tuple[Exercise, ...]
    graded: dict[str, NotebookNode]
    plain: dict[str, NotebookNode]

    @property
    def points(self) -> float:
        """Points of the whole unit."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def automatic(self) -> float:
        """Points that tests give."""
        return sum(exercise.points for exercise in self.exercises if not exercise.written)

    def exercise_of(self, grade_id: str) -> Exercise | None:
        """The exercise that an answer or test cell belongs to."""
        for exercise in self.exercises:
            if grade_id in (*exercise.answers, *exercise.tests):
                return exercise
        return None

    def shares(self, notebook: NotebookNode) -> int:
        """How many of our answer and test cells another notebook holds."""
        ids = {cell.id for cell in notebook.cells} | {stated(cell) for cell in notebook.cells}
        return sum(grade_id in ids or cell.id in ids for grade_id, cell in self.graded.items())


def stated(cell: NotebookNode) -> str | None:
    """The `grade_id` that a cell claims to have."""
    meta = cell.metadata.get("nbgrader")
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def read_released(path: Path) -> Released:
    """Read a released notebook.

    Raises:
        FileNotFoundError: There is none; the message says how to make it.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path.parent.name} in notebooks/: run `make lessons`")
    notebook = nbformat.read(path, as_version=4)
    graded = {grade_id: cell for cell in notebook.cells if (grade_id := stated(cell))}
    ours = {id(cell) for cell in graded.values()}
    plain = {cell.id: cell for cell in notebook.cells if id(cell) not in ours}
    return Released(notebook, tuple(exercises(graded)), graded, plain)


def exercises(graded: dict[str, NotebookNode]) -> list[Exercise]:
    """Group cells: answers up to the next test belong to it, a written answer stands by itself."""
    found: list[Exercise] = []
    answers: list[str] = []
    for grade_id, cell in graded.items():
        if is_grade(cell) and is_solution(cell):
            found.append(Exercise(grade_id, (grade_id,), (), float(cell.metadata.nbgrader.points)))
        elif is_solution(cell):
            answers.append(grade_id)
        elif is_grade(cell):
            points = float(cell.metadata.nbgrader.points)
            if answers or not found or found[-1].written:
                found.append(
                    Exercise((answers or [grade_id])[0], tuple(answers), (grade_id,), points)
                )
                answers = []
            else:  # a second test of the same answers
                last = found.pop()
                found.append(
                    Exercise(last.name, last.answers, (*last.tests, grade_id), last.points + points)
                )
    return found
