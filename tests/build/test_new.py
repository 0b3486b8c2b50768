"""A new lesson builds, is graded and passes from its first minute."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.build.files import edit
from vicourse import new
from vicourse.answers import exercise
from vicourse.answers.verdict import first_failure, verdict
from vicourse.build.cells import Fault
from vicourse.build.check import check_unit
from vicourse.build.sources import read_lesson
from vicourse.course import Course, here
from vicourse.edit import lesson_text

UNIT = "15_name"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("new")
    shutil.copy(here().root / "nbgrader_config.py", root)
    table = "| [14](notebooks/14_a/14_a.ipynb) | … |\n\n10 wrong answers, 10 right ones\n"
    (root / "README.md").write_text(table, encoding="utf-8")
    assert new.main([UNIT, "--root", str(root)]) == 0
    return Course(root)


def test_it_builds(course: Course):
    assert check_unit(course, UNIT) == []


def test_it_carries_its_own_name(course: Course):
    text = course.lesson(UNIT).read_text(encoding="utf-8")
    assert UNIT in text
    assert "skeleton" not in text


def test_the_first_page_tells_of_it(course: Course):
    page = (course.root / "README.md").read_text(encoding="utf-8").splitlines()
    assert page[1].startswith(f"| [15](notebooks/{UNIT}/{UNIT}.ipynb) | ")
    assert page[1].endswith("| 1 checked, 1 written |")
    assert page[3] == "13 wrong answers, 12 right ones"


def test_it_is_in_the_form_that_make_edit_saves(course: Course):
    assert lesson_text(read_lesson(course.lesson(UNIT))) == course.lesson(UNIT).read_text(
        encoding="utf-8"
    )


def test_its_answers_get_their_verdicts(course: Course, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exercise, "ROOT", course.root)
    (only,) = exercise.exercises(UNIT)
    shipped = exercise.answers(UNIT, only.name)
    assert sum(answer.wrong for answer in shipped) >= 3
    assert sum(not answer.wrong for answer in shipped) >= 2
    for answer in shipped:
        result = verdict(only, answer)
        assert result.named if answer.wrong else result.passed, (answer.phrase, result.message)
    right = [answer.source for answer in shipped if not answer.wrong]
    assert [first_failure(only, source, runs=3) for source in right] == [None] * len(right)


def nbgrader(course: Course, *words: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *words]
    # nbgrader calls `alembic` by its name
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path}
    done = subprocess.run(
        command, cwd=course.root, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_it_is_graded(course: Course, tmp_path: Path):
    root = tmp_path / "class"
    shutil.copytree(course.root, root)
    class_ = Course(root)
    nbgrader(class_, "generate_assignment", UNIT, "--force")
    for student in ("blank", "solved"):
        folder = root / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        shutil.copy(class_.student(UNIT), folder)
    blank = '# YOUR CODE HERE\\n",\n    "    raise NotImplementedError()'
    edit(
        root / "submitted" / "solved" / UNIT / f"{UNIT}.ipynb",
        blank,
        "return x * logits - logits.exp().log1p()",
    )
    nbgrader(class_, "autograde", UNIT)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions(UNIT)}
        (assignment,) = book.assignments
        assert assignment.max_score == 3
    assert scores == {"blank": 0, "solved": 2}, "the written answer waits for a person"


@pytest.mark.parametrize("name", ["name", "1_name", "15_Name", "../15_name", "15-name"])
def test_other_names_are_refused(tmp_path: Path, name: str):
    with pytest.raises(Fault, match="is no unit name"):
        new.begin(Course(tmp_path), name)


def test_existing_lesson_is_left_alone(course: Course, capsys: pytest.CaptureFixture[str]):
    before = course.lesson(UNIT).read_bytes()
    assert new.main([UNIT, "--root", str(course.root)]) == 1
    assert f"there is a unit {UNIT}" in capsys.readouterr().out
    assert course.lesson(UNIT).read_bytes() == before
