"""What is handed out is what was reviewed, and the gradebook knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.class_.conftest import UNIT
from vicourse.course import Course
from vicourse.grade.__main__ import main as grade
from vicourse.grade.gradebook import open_gradebook
from vicourse.rehearse.play import stage
from vicourse.release import main, release


def test_the_gradebook_holds_points_and_hidden_tests(opened: Course) -> None:
    with open_gradebook(opened) as gradebook:
        notebook = gradebook.find_notebook(UNIT, UNIT)
        assert notebook.max_score == 7
        assert "4711" in gradebook.find_source_cell("test_double", UNIT, UNIT).source
    assert "4711" not in opened.student(UNIT).read_text(encoding="utf-8")


def test_releasing_again_changes_no_byte(opened: Course) -> None:
    before = opened.student(UNIT).read_bytes()
    assert release(opened, UNIT) == opened.student(UNIT)
    assert opened.student(UNIT).read_bytes() == before


def test_a_rubric_is_not_handed_out(opened: Course) -> None:
    assert "MARK SCHEME" in opened.solution(UNIT).read_text(encoding="utf-8")
    text = opened.student(UNIT).read_text(encoding="utf-8")
    assert "MARK SCHEME" not in text
    assert "One point for the division" not in text


def test_a_stale_notebook_is_refused_and_leaves_no_trace(tiny: Course, tmp_path: Path) -> None:
    course = stage(tiny, UNIT, tmp_path / "course")
    path = course.student(UNIT)
    path.write_text(path.read_text(encoding="utf-8").replace("Double a", "Triple a"))
    with pytest.raises(ValueError, match="make lessons"):
        release(course, UNIT)
    assert not (course.root / "gradebook.db").exists()


def test_without_a_build_the_command_says_what_to_do(tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["99_none", "--root", str(tmp_path)])
    assert ended.value.code == 2
    assert "make lessons" in capsys.readouterr().err


def test_grading_before_release_says_so(tiny: Course, tmp_path: Path, capsys) -> None:
    course = stage(tiny, UNIT, tmp_path / "course")
    with pytest.raises(SystemExit) as ended:
        grade([UNIT, "--root", str(course.root)])
    assert ended.value.code == 2
    assert f"make release UNIT={UNIT}" in capsys.readouterr().err
