"""Marks given by a human, the CSV, and submissions that end their own grading process."""

from __future__ import annotations

import csv
import os
import shutil
from pathlib import Path

import nbformat
import pytest

from tests.class_.conftest import UNIT
from vicourse.course import Course
from vicourse.export import export, harmless, main, rows
from vicourse.grade import pool
from vicourse.grade.__main__ import grade
from vicourse.grade.gradebook import open_gradebook
from vicourse.grade.limits import Limits
from vicourse.grade.outcome import Outcome, load, save, table
from vicourse.rehearse.desk import Desk, cell

ANN = "Ann B. Lee+1@uni"  # a name as LMSs have them


@pytest.fixture(scope="module")
def course(opened: Course, tiny_desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A released course of its own, in which Ann lost a test cell and Bob handed in nothing."""
    course = Course(tmp_path_factory.mktemp("marks") / "course")
    shutil.copytree(opened.root, course.root)
    folder = course.root / "submitted" / ANN / UNIT
    folder.mkdir(parents=True)
    notebook = tiny_desk.perfect()
    notebook.cells.remove(cell(notebook, "test_double"))
    nbformat.write(notebook, folder / f"{UNIT}.ipynb")
    (course.root / "submitted" / "bob").mkdir()
    grade(course, UNIT, limits=Limits(cell=5))
    return course


def row(course: Course, student: str) -> dict[str, object]:
    return next(row for row in rows(course, UNIT) if row["student"] == student)


def test_columns_and_what_waits(course: Course) -> None:
    path, flagged = export(course, UNIT)
    assert flagged == 2
    with path.open(encoding="utf-8") as file:
        ann, bob = csv.DictReader(file)
    assert list(ann) == [
        *("student", "unit", "score", "max", "double", "total", "written_why"),
        *("pending", "needs_attention", "reason"),
    ]
    assert (ann["score"], ann["double"], ann["total"]) == ("3", "0", "3")
    assert (ann["written_why"], ann["pending"], ann["needs_attention"]) == ("", "1", "yes")
    assert (bob["score"], bob["needs_attention"]) == ("0", "yes")
    assert bob["reason"] == f"nothing was handed in for {UNIT}"


def test_a_deleted_test_is_run_all_the_same_so_that_a_human_can_see_it(course: Course) -> None:
    path = course.root / "autograded" / ANN / UNIT / f"{UNIT}.ipynb"
    test = cell(nbformat.read(path, as_version=4), "test_double")
    assert "4711" in test.source
    assert "✓ the double of 4711" in test.outputs[0].text


def test_what_a_human_gives_settles_the_matter(course: Course) -> None:
    with open_gradebook(course) as gradebook:
        for name, score in (("test_double", 2.0), ("written_why", 1.5)):
            given = gradebook.find_grade(name, UNIT, UNIT, ANN)
            assert given.needs_manual_grade
            # what formgrader does when marks are entered
            given.manual_score, given.needs_manual_grade = score, False
        gradebook.db.commit()
    found = row(course, ANN)
    assert (found["score"], found["double"], found["written_why"]) == (6.5, 2.0, 1.5)
    assert (found["pending"], found["needs_attention"], found["reason"]) == (0, "no", "")


def test_text_that_a_spreadsheet_would_run() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("cell a = b") == "cell a = b"


def test_export_before_grading(opened: Course, tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--root", str(tmp_path)])
    assert ended.value.code == 2
    assert "nothing was graded" in capsys.readouterr().err


def test_outcomes_are_kept_student_by_student(tmp_path: Path) -> None:
    course = Course(tmp_path)
    save(course, UNIT, [Outcome("ann", 1, 2), Outcome("bob", 2, 2)])
    save(course, UNIT, [Outcome("ann", 2, 2, reasons=["why"])])
    kept = load(course, UNIT)
    assert (kept["ann"].score, kept["bob"].score, kept["ann"].reasons) == (2, 2, ["why"])
    text = table(list(kept.values()))
    assert "NEEDS ATTENTION  why" in text
    assert "2 students: 1 graded, 1 need attention." in text


def die(*arguments: object) -> None:
    """Stands for a submission that takes the grading process with it."""
    os._exit(9)


def fail(*arguments: object) -> None:
    """Stands for a fault of ours."""
    raise ZeroDivisionError("a fault of ours")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(die, "the grading process died (exit status 9)"), (fail, "ZeroDivisionError")],
)
def test_a_grading_process_that_fails_costs_one_student_alone(
    fault, reason: str, opened: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a plain fork takes the replaced function with it
    context = pool.multiprocessing.get_context("fork")
    monkeypatch.setattr(pool, "processes", lambda: context)
    monkeypatch.setattr(pool, "grade_one", fault)
    outcomes = list(pool.grade_many(opened, UNIT, ["eve", "mallory"], Limits(), jobs=2))
    assert {o.student for o in outcomes} == {"eve", "mallory"}
    assert all(reason in o.reasons[0] and o.score == 0 for o in outcomes)
