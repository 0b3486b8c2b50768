"""Building a lesson: what is written, what is run, what is refused."""

import subprocess
import sys

import pytest

from tests.build.files import built_bytes, cell, edit, notebook
from vicourse.build.cells import Fault
from vicourse.build.make import build
from vicourse.build.outputs import overwritten
from vicourse.course import Course

UNIT = "01_tiny"


def test_second_build_changes_no_byte_and_runs_nothing(course: Course):
    before = built_bytes(course)
    report = build(course, UNIT)
    assert report.seconds is None
    assert report.written == ()
    assert built_bytes(course) == before


def test_running_again_gives_the_same_bytes(course: Course):
    before = built_bytes(course)
    report = build(course, UNIT, force=True)
    assert report.seconds > 0
    assert built_bytes(course) == before


def test_change_of_prose_is_built_without_running(course: Course):
    edit(course.lesson(UNIT), "With everything", "With almost everything")
    report = build(course, UNIT)
    assert report.seconds is None
    assert report.written == ("solutions", "notebooks")
    solution = notebook(course.solution(UNIT))
    assert "almost" in solution.cells[0].source
    assert cell(solution, "test_coin_entropy").execution_count, "the outputs are kept"


def test_change_of_code_is_run(course: Course):
    edit(course.lesson(UNIT), 'print("two")', 'print("three")')
    assert build(course, UNIT).seconds > 0
    assert b"three" in course.solution(UNIT).read_bytes()


def test_student_notebook_is_what_nbgrader_writes(course: Course):
    ours = course.student(UNIT).read_bytes()
    course.student(UNIT).unlink()
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", UNIT, "--no-db", "--force"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert course.student(UNIT).read_bytes() == ours


def test_student_notebook_keeps_no_answer(course: Course):
    student = notebook(course.student(UNIT))
    text = course.student(UNIT).read_text(encoding="utf-8")
    assert "return -p" not in text
    assert "0.5623351446188083" not in text, "a hidden test is visible"
    assert "Rubric" not in text
    assert "NotImplementedError" in cell(student, "coin_entropy").source
    assert not any(c.get("outputs") or c.get("execution_count") for c in student.cells)


def test_ids_name_the_graded_cells_and_count_equal_ones(course: Course):
    ids = [c.id for c in notebook(course.solution(UNIT)).cells]
    assert {"coin_entropy", "test_coin_entropy", "written_entropy"} <= set(ids)
    assert len(ids) == len(set(ids))
    twins = [name for name in ids if name.endswith("-2")]
    assert len(twins) == 1
    assert twins[0].removesuffix("-2") in ids


def test_progress_bar_is_kept_as_it_ended(course: Course):
    last = notebook(course.solution(UNIT)).cells[-1]
    assert [output.text for output in last.outputs] == ["step 2\n"]
    assert overwritten("a\rb\nc\r\n") == "b\nc\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('print("two")', "raise ValueError('broken')", "broken"),
        ('print("two")', "import sys; print('careful', file=sys.stderr)", "standard error"),
        ('print("two")', "import os; print(os.getcwd())", "a path of this computer"),
        ('print("two")', "print(object())", "a memory address"),
        ('print("two")', "print('x' * 400_000)", "300 KB are allowed"),
        ('print("two")', "import os; os._exit(1)", "the kernel died"),
        (
            '"grade_id": "written_entropy"',
            '"grade_id": "coin_entropy"',
            "two cells have the grade_id",
        ),
        ('"grade_id": "written_entropy"', '"grade_id": "written entropy"', "use 1 to 64 letters"),
        ("    ### END SOLUTION", "", "nbgrader refuses it"),
    ],
)
def test_lesson_that_cannot_be_released_is_refused(
    course: Course, old: str, new: str, message: str
):
    before = built_bytes(course)
    edit(course.lesson(UNIT), old, new)
    with pytest.raises(Fault, match=message):
        build(course, UNIT)
    assert built_bytes(course) == before, "a failed build leaves the built files alone"


def test_unknown_lesson_is_named(course: Course):
    with pytest.raises(Fault, match=r"there is no lesson 02_none\.py"):
        build(course, "02_none")
