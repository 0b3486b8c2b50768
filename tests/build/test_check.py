"""`make check` names the lesson whenever a built file is not what the lesson gives."""

import json

import pytest

from tests.build.files import built_bytes, edit
from vicourse.build.__main__ import main
from vicourse.course import Course

UNIT = "01_tiny"


def said(course: Course, capsys: pytest.CaptureFixture[str], status: int) -> str:
    before = built_bytes(course)
    assert main(["--check", "--root", str(course.root)]) == status
    assert built_bytes(course) == before, "a check writes nothing"
    return capsys.readouterr().out


def test_fresh_build_passes(course: Course, capsys: pytest.CaptureFixture[str]):
    assert f"agree with their lessons: {UNIT}" in said(course, capsys, 0)


def test_unbuilt_lesson_is_named(unbuilt: Course, capsys: pytest.CaptureFixture[str]):
    words = said(unbuilt, capsys, 1)
    assert f"solutions/{UNIT}: not built" in words
    assert f"notebooks/{UNIT}: not what lessons/{UNIT}.py gives: not built" in words


def test_stale_prose_is_named(course: Course, capsys: pytest.CaptureFixture[str]):
    edit(course.lesson(UNIT), "A tiny lesson", "A small lesson")
    words = said(course, capsys, 1)
    assert f"solutions/{UNIT}: not what lessons/{UNIT}.py gives: source of cell" in words
    assert f"notebooks/{UNIT}: not what lessons/{UNIT}.py gives: cell" in words


@pytest.mark.parametrize("folder", ["solution", "student"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A tiny lesson", "A hand-edited lesson"),
        ('"points": 2', '"points": 3'),
        ("seed = 1", "seed = 2"),
    ],
)
def test_hand_edited_file_is_named(
    course: Course, capsys: pytest.CaptureFixture[str], folder: str, old: str, new: str
):
    path = getattr(course, folder)(UNIT)
    edit(path, old, new)
    words = said(course, capsys, 1)
    assert path.relative_to(course.root).parent.as_posix() in words
    assert f"lessons/{UNIT}.py" in words


def test_one_byte_of_layout_counts_in_a_student_notebook(
    course: Course, capsys: pytest.CaptureFixture[str]
):
    course.student(UNIT).write_bytes(course.student(UNIT).read_bytes() + b" ")
    assert "metadata or layout of the file" in said(course, capsys, 1)


def test_output_in_a_student_notebook_is_named(course: Course, capsys: pytest.CaptureFixture[str]):
    student = json.loads(course.student(UNIT).read_bytes())
    code = [cell for cell in student["cells"] if cell["cell_type"] == "code"]
    code[0]["execution_count"] = 1
    course.student(UNIT).write_text(json.dumps(student, indent=1) + "\n", encoding="utf-8")
    assert f"notebooks/{UNIT}" in said(course, capsys, 1)


def test_solution_without_outputs_is_named(course: Course, capsys: pytest.CaptureFixture[str]):
    edit(course.solution(UNIT), '"execution_count": 3', '"execution_count": null')
    assert f"solutions/{UNIT}: not every cell has been run" in said(course, capsys, 1)


@pytest.mark.parametrize(
    "stray", [f"solutions/{UNIT}/answers.py", "notebooks/99_gone/99_gone.ipynb"]
)
def test_file_that_no_lesson_gives_is_named(
    course: Course, capsys: pytest.CaptureFixture[str], stray: str
):
    path = course.root / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("left over", encoding="utf-8")
    assert f"{stray}: no lesson gives this file" in said(course, capsys, 1)


def test_broken_lesson_is_named(course: Course, capsys: pytest.CaptureFixture[str]):
    edit(course.lesson(UNIT), "    ### END SOLUTION", "")
    assert f"lessons/{UNIT}.py: nbgrader refuses it" in said(course, capsys, 1)
