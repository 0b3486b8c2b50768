"""Read a lesson's exercises and the answers that were written for them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import jupytext

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")


@dataclass(frozen=True)
class Exercise:
    """One autograded exercise of a lesson.

    Attributes:
        name: The `grade_id` of its solution cell.
        points: What its test cell is worth.
        solution: Source of the solution cell, behind the lesson's imports.
        test: Source of the test cell, hidden tests included.
    """

    name: str
    points: float
    solution: str
    test: str

    @property
    def visible_test(self) -> str:
        """The part of the test cell that learners see."""
        head, found, tail = self.test.partition(HIDDEN[0])
        return head + tail.partition(HIDDEN[1])[2] if found else head


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise; its first line is `# wrong: <mistake>` or `# right: <variant>`."""

    path: Path
    wrong: bool
    phrase: str

    @property
    def source(self) -> str:
        """The code of the answer."""
        return self.path.read_text(encoding="utf-8")


def units() -> list[str]:
    """Names of all lessons, in order."""
    return sorted(path.stem for path in (ROOT / "lessons").glob("*.py"))


def exercises(unit: str) -> list[Exercise]:
    """A unit's autograded exercises: each solution cell `NAME` with a test cell `test_NAME`.

    Raises:
        ValueError: A test cell has no solution cell of its name.
    """
    notebook = jupytext.read(ROOT / "lessons" / f"{unit}.py")
    graded, imports = {}, ""
    for cell in notebook.cells:
        if cell.cell_type == "code" and only_imports(cell.source):
            imports += cell.source + "\n"
        meta = cell.metadata.get("nbgrader")
        if meta and cell.cell_type == "code":
            graded[meta["grade_id"]] = (meta, cell.source)
    found = []
    for grade_id, (meta, source) in graded.items():
        if not meta["grade"]:
            continue
        name = grade_id.removeprefix("test_")
        if name == grade_id or name not in graded:
            raise ValueError(f"{unit}: test cell {grade_id!r} belongs to no solution cell")
        found.append(Exercise(name, meta["points"], imports + graded[name][1], source))
    return found


def only_imports(source: str) -> bool:
    """Whether a cell does nothing but import."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line of IPython's own, such as a magic
        return False
    return bool(body) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def answers(unit: str, exercise: str) -> list[Answer]:
    """The answers in `tests/answers/<unit>/<exercise>/`, wrong ones first.

    Raises:
        ValueError: A first line names neither mistake nor variant, or contradicts the file's name.
    """
    found = []
    for path in sorted((ROOT / "tests" / "answers" / unit / exercise).glob("*.py")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        kind, _, phrase = first.removeprefix("# ").partition(": ")
        if kind not in ("wrong", "right") or not phrase or not path.name.startswith(kind + "_"):
            raise ValueError(f"{path.name}: its first line must be '# wrong: …' or '# right: …'")
        found.append(Answer(path, kind == "wrong", phrase.strip()))
    return sorted(found, key=lambda answer: not answer.wrong)
