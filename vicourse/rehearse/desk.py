"""What a made-up student works with: the released notebook, right answers and wrong ones."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vicourse.course import Course
from vicourse.grade.released import Exercise, Released, read_released, stated

__all__ = ["Desk", "Wrong", "desk"]


WRAPPED = """

def make_{name}(right):
    def {name}(*arguments, **settings):
{body}
        return right(*arguments, **settings)

    return {name}


{name} = make_{name}({name})"""


@dataclass(frozen=True)
class Wrong:
    """A wrong answer to an exercise, and the phrase that names the mistake."""

    exercise: str
    name: str
    phrase: str
    source: str


@dataclass(frozen=True)
class Desk:
    """All that made-up answers are made of.

    Attributes:
        unit: Name of the unit.
        released: What was handed out.
        answers: `grade_id` of an answer cell → the lesson's own answer.
        wrong: The wrong answers that were collected for the unit.
        hidden: Lines of hidden tests, which no student may ever see.
    """

    unit: str
    released: Released
    answers: dict[str, str]
    wrong: tuple[Wrong, ...]
    hidden: tuple[str, ...]

    @property
    def exercises(self) -> list[Exercise]:
        """The exercises that tests give marks for."""
        return [exercise for exercise in self.released.exercises if not exercise.written]

    def blank(self) -> NotebookNode:
        """The notebook as it was handed out."""
        return copy.deepcopy(self.released.notebook)

    def perfect(self) -> NotebookNode:
        """The notebook with the lesson's own answers."""
        notebook = self.blank()
        for grade_id, source in self.answers.items():
            cell(notebook, grade_id).source = source
        return notebook

    def answered(self, grade_id: str, source: str) -> NotebookNode:
        """The perfect notebook, but for one answer."""
        notebook = self.perfect()
        cell(notebook, grade_id).source = source
        return notebook

    def behaving(self, exercise: Exercise, body: str) -> NotebookNode:
        """The perfect notebook, but the functions of one exercise do something more when called.

        Args:
            exercise: Whose functions.
            body: Lines that are run on each call; afterwards the right function is called.
        """
        notebook = self.perfect()
        answer = cell(notebook, exercise.answers[-1])
        indented = "\n".join("        " + line for line in body.splitlines())
        for name in functions(answer.source):
            answer.source += WRAPPED.format(name=name, body=indented)
        return notebook


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with a `grade_id`."""
    return next(cell for cell in notebook.cells if stated(cell) == grade_id)


def functions(source: str) -> list[str]:
    """Names of the functions that an answer defines."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def desk(course: Course, unit: str, answers: Path) -> Desk:
    """Read all that made-up answers are made of.

    Args:
        course: A course in which the unit is built.
        unit: Name of the unit.
        answers: The folder with `<unit>/<exercise>/wrong_*.py`.
    """
    released = read_released(course.student(unit))
    solution = nbformat.read(course.solution(unit), as_version=4)
    own = {
        stated(c): c.source
        for c in solution.cells
        if stated(c) and c.metadata.nbgrader.get("solution")
    }
    named = [name for e in released.exercises if not e.written for name in e.answers]
    wrong = [bad for name in named for bad in wrong_answers(answers / unit / name)]
    return Desk(unit, released, own, tuple(wrong), tuple(hidden_lines(solution)))


def wrong_answers(folder: Path) -> list[Wrong]:
    """The wrong answers to one exercise; the first line of each file names the mistake."""
    found = []
    for path in sorted(folder.glob("wrong_*.py")):
        source = path.read_text(encoding="utf-8")
        phrase = source.splitlines()[0].removeprefix("# wrong:").strip()
        name = path.stem.removeprefix("wrong_")
        found.append(Wrong(folder.name, name, phrase, source))
    return found


def hidden_lines(solution: NotebookNode) -> list[str]:
    """Lines between the marks of hidden tests that stand nowhere else in the lesson."""
    secret, visible, inside = [], set(), False
    for line in (line.strip() for c in solution.cells for line in c.source.splitlines()):
        if "HIDDEN TESTS" in line:
            inside = "BEGIN" in line
        elif inside:
            secret.append(line)
        else:
            visible.add(line)
    return [line for line in secret if len(line) > 8 and line not in visible]
