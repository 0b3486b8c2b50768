"""The made-up students: what each hands in, and the marks that it must get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, cycle, islice, zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from vicourse.grade.released import Exercise
from vicourse.rehearse.desk import Desk, Wrong, cell

__all__ = ["Actor", "cast"]


@dataclass(frozen=True)
class Actor:
    """One made-up student.

    Attributes:
        name: The student's name.
        score: Marks that tests must give.
        attention: A phrase of the reason why it needs attention; empty if it must not.
        message: A phrase that the feedback page must hold.
        hand_in: Writes the submission below a folder.
    """

    name: str
    score: float
    attention: str
    message: str
    hand_in: Callable[[Path], None]


def cast(desk: Desk, number: int) -> list[Actor]:
    """The first `number` of all made-up students: the usual ones, then one for each mistake left.

    Args:
        desk: What their answers are made of.
        number: How many; all if there are fewer.
    """
    mistakes = spread(desk.wrong)
    first, rest = mistakes[:2], mistakes[2:]
    lots = chain(
        good(desk),
        (mistaken(desk, wrong) for wrong in first),
        bad(desk),
        (mistaken(desk, w) for w in rest),
    )
    return list(islice(lots, number))


def spread(wrong: tuple[Wrong, ...]) -> list[Wrong]:
    """Mistakes in turn, one of each exercise at a time."""
    names = dict.fromkeys(w.exercise for w in wrong)
    columns = [[w for w in wrong if w.exercise == name] for name in names]
    return [w for row in zip_longest(*columns) for w in row if w is not None]


def in_folder(
    desk: Desk, name: str, notebook: NotebookNode, file: str = ""
) -> Callable[[Path], None]:
    """Hand in as nbgrader does."""

    def hand_in(folder: Path) -> None:
        own = folder / name / desk.unit
        own.mkdir(parents=True)
        nbformat.write(notebook, own / (file or f"{desk.unit}.ipynb"))

    return hand_in


def good(desk: Desk) -> Iterator[Actor]:
    """Those with nothing wrong in form; they hand in as LMSs do."""

    def flat(folder: Path) -> None:
        nbformat.write(desk.perfect(), folder / f"perfect_4711_{desk.unit}-1.ipynb")

    def single(folder: Path) -> None:
        (folder / "blank").mkdir()
        nbformat.write(desk.blank(), folder / "blank" / "homework.ipynb")

    yield Actor("perfect", desk.released.automatic, "", "✓", flat)
    yield Actor("blank", 0.0, "", "NotImplementedError", single)


def mistaken(desk: Desk, wrong: Wrong) -> Actor:
    """All right but for one mistake, which costs its exercise alone."""
    exercise = desk.released.exercise_of(wrong.exercise)
    assert exercise is not None  # it was read from the folder of an exercise
    name = f"{wrong.exercise}-{wrong.name}".replace("_", "-")
    notebook = desk.answered(wrong.exercise, wrong.source)
    marks = desk.released.automatic - exercise.points
    return Actor(name, marks, "", wrong.phrase, in_folder(desk, name, notebook))


CALLS = {
    "dies": ("import os\nos._exit(7)", "exit status 7"),
    "loops": ("while True:\n    pass", "ran for more than"),
    "stubborn": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
        "ignored the interrupt",
    ),
    "floods": ("while True:\n    print('x' * 1000)", "printed more than"),
    "hungry": ("hoard = bytearray(16 * 2**30)", "of memory"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
}


def bad(desk: Desk) -> Iterator[Actor]:
    """Those that stock nbgrader stumbles over, each at another exercise."""
    turn = cycle(desk.exercises)
    whole = desk.released.automatic
    yield calling(desk, "dies", next(turn))
    yield calling(desk, "loops", next(turn))
    yield Actor("missing", 0.0, "is missing", "could not be graded", lambda at: missing(desk, at))
    yield Actor(
        "renamed",
        0.0,
        "found 'my work.ipynb'",
        "could not be graded",
        in_folder(desk, "renamed", desk.perfect(), "my work.ipynb"),
    )
    for name, (edit, reason) in EDITS.items():
        exercise = next(turn)
        notebook = desk.perfect()
        edit(desk, notebook, exercise)
        yield Actor(name, whole - exercise.points, reason, "", in_folder(desk, name, notebook))
    yield from (
        calling(desk, name, next(turn)) for name in ("stubborn", "floods", "hungry", "killed")
    )
    warned = desk.behaving(next(turn), "import warnings\nwarnings.warn('careful')")
    yield Actor("warns", whole, "", "careful", in_folder(desk, "warns", warned))
    left = desk.perfect()
    left.cells.append(new_code_cell("exit()"))
    last = whole - desk.exercises[-1].points
    yield Actor("leaves", last, "calls exit()", "", in_folder(desk, "leaves", left))
    yield Actor("linked", 0.0, "symbolic link", "could not be graded", lambda at: linked(desk, at))
    for name, text, reason in (
        ("broken", '{"cells": [', "not valid JSON"),
        ("foreign", json.dumps({"a": 1}), "not a notebook"),
    ):
        yield Actor(name, 0.0, reason, "could not be graded", text_file(desk, name, text))


def calling(desk: Desk, name: str, exercise: Exercise) -> Actor:
    """One whose function misbehaves when it is called."""
    body, reason = CALLS[name]
    marks = desk.released.automatic - exercise.points
    return Actor(name, marks, reason, "", in_folder(desk, name, desk.behaving(exercise, body)))


def delete_test(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test cell is deleted."""
    notebook.cells.remove(cell(notebook, exercise.tests[0]))


def copy_test(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test cell is copied as JupyterLab does it: a new cell id, the same nbgrader metadata."""
    test = cell(notebook, exercise.tests[0])
    double = nbformat.from_dict({**json.loads(json.dumps(test)), "id": "a-copy"})
    notebook.cells.insert(notebook.cells.index(test) + 1, double)


def skip_test(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test that would fail is tagged so that nothing runs it."""
    blank = {grade_id: desk.released.graded[grade_id].source for grade_id in exercise.answers}
    for grade_id, source in blank.items():
        cell(notebook, grade_id).source = source
    cell(notebook, exercise.tests[0]).metadata["tags"] = ["skip-execution"]


def edit_test(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test that would fail is rewritten, so that it passes on the student's side."""
    skip_test(desk, notebook, exercise)
    test = cell(notebook, exercise.tests[0])
    del test.metadata["tags"]
    test.source = "print('✓ all is well')"


def alter_points(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test cell is made worth more."""
    cell(notebook, exercise.tests[0]).metadata.nbgrader.points = 100


def ungrade(desk: Desk, notebook: NotebookNode, exercise: Exercise) -> None:
    """A test cell is declared not to be one."""
    cell(notebook, exercise.tests[0]).metadata.nbgrader.grade = False


EDITS: dict[str, tuple[Callable[[Desk, NotebookNode, Exercise], None], str]] = {
    "deleted": (delete_test, "was deleted"),
    "doubled": (copy_test, "is there 2 times"),
    "skips": (skip_test, "skip-execution"),
    "edited": (edit_test, ""),  # ours is put back and fails: a mark of 0 like any other
    "points": (alter_points, "points"),
    "ungraded": (ungrade, "was altered"),
}


def missing(desk: Desk, folder: Path) -> None:
    """Something was handed in, but no notebook."""
    own = folder / "missing" / desk.unit
    own.mkdir(parents=True)
    (own / "essay.txt").write_text("My notebook would not open.", encoding="utf-8")


def linked(desk: Desk, folder: Path) -> None:
    """A link to a file of the grader's."""
    own = folder / "linked" / desk.unit
    own.mkdir(parents=True)
    target = folder.parent / "secret.ipynb"
    nbformat.write(desk.perfect(), target)
    (own / f"{desk.unit}.ipynb").symlink_to(target)


def text_file(desk: Desk, name: str, text: str) -> Callable[[Path], None]:
    """A file that has the notebook's name and is none."""

    def hand_in(folder: Path) -> None:
        own = folder / name / desk.unit
        own.mkdir(parents=True)
        (own / f"{desk.unit}.ipynb").write_text(text, encoding="utf-8")

    return hand_in
