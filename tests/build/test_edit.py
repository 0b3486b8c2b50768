"""`make edit`: what is saved in the notebook lands in the lesson, and nothing is lost."""

import sys
from pathlib import Path

import nbformat
import pytest

from tests.build.files import cell, edit, notebook
from vicourse.build.cells import Fault
from vicourse.build.sources import first_difference, read_lesson
from vicourse.course import Course
from vicourse.edit import Pair, lesson_text
from vicourse.edit import edit as edit_with

UNIT = "01_tiny"

# stands for JupyterLab: changes a cell, marks one as nbgrader's toolbar does, runs one, saves
EDITOR = """
import sys, nbformat
path = sys.argv[1]
book = nbformat.read(path, as_version=4)
book.cells[0].source += " Edited."
book.cells[1].metadata["nbgrader"] = {
    "schema_version": 3, "solution": False, "grade": False, "locked": True, "task": False,
    "grade_id": "cell-1a2b",
}
book.cells[1].metadata["collapsed"] = True
book.cells[3].outputs = [nbformat.v4.new_output("stream", text="seen")]
book.metadata["widgets"] = {}
nbformat.write(book, path)
"""


def pair(course: Course) -> Pair:
    return Pair(course.lesson(UNIT), course.root / ".edit" / UNIT / f"{UNIT}.ipynb")


def test_saved_notebook_lands_in_the_lesson(unbuilt: Course):
    before = read_lesson(unbuilt.lesson(UNIT))
    edit_with(pair(unbuilt), [sys.executable, "-c", EDITOR, f"{UNIT}.ipynb"], pause=0.05)
    after = read_lesson(unbuilt.lesson(UNIT))
    assert after.cells[0].source == before.cells[0].source + " Edited."
    assert after.cells[1].metadata.nbgrader.grade_id == "cell-1a2b"
    assert after.cells[1].metadata.tags == ["parameters"]
    assert "collapsed" not in after.cells[1].metadata
    assert [c.source for c in after.cells[1:]] == [c.source for c in before.cells[1:]]
    text = unbuilt.lesson(UNIT).read_text(encoding="utf-8")
    assert "seen" not in text, "outputs stay out of the lesson"
    assert not (unbuilt.root / ".edit" / UNIT).exists()


def test_unchanged_notebook_leaves_the_lesson_as_it_is(unbuilt: Course):
    before = unbuilt.lesson(UNIT).read_bytes()
    edit_with(pair(unbuilt), [sys.executable, "-c", "pass"], pause=0.05)
    assert unbuilt.lesson(UNIT).read_bytes() == before


def test_half_written_notebook_waits_for_the_next_look(unbuilt: Course):
    both = pair(unbuilt)
    whole = both.scratch.read_bytes()
    both.scratch.write_bytes(whole[:100])
    assert not both.save_back()
    both.scratch.write_bytes(whole.replace(b"A tiny lesson", b"A short lesson"))
    assert both.save_back()
    assert "A short lesson" in unbuilt.lesson(UNIT).read_text(encoding="utf-8")


def test_lesson_changed_elsewhere_is_not_overwritten(unbuilt: Course):
    both = pair(unbuilt)
    edit(unbuilt.lesson(UNIT), "A tiny lesson", "Changed elsewhere")
    edit(both.scratch, "A tiny lesson", "Changed in the notebook")
    with pytest.raises(Fault, match="changed by another program"):
        both.save_back()
    assert "Changed elsewhere" in unbuilt.lesson(UNIT).read_text(encoding="utf-8")
    assert "Changed in the notebook" in both.scratch.read_text(encoding="utf-8")


def test_text_of_a_lesson_survives_the_round_trip(unbuilt: Course, tmp_path: Path):
    path = unbuilt.lesson(UNIT)
    text = lesson_text(read_lesson(path))
    assert text == path.read_text(encoding="utf-8")
    again = tmp_path / "again.py"
    again.write_text(text, encoding="utf-8")
    assert first_difference(read_lesson(again), read_lesson(path)) is None


def test_executed_notebook_gives_the_same_text(course: Course):
    executed = nbformat.read(course.solution(UNIT), as_version=4)
    assert cell(executed, "coin_entropy").execution_count
    assert lesson_text(executed) == course.lesson(UNIT).read_text(encoding="utf-8")
    assert notebook(course.solution(UNIT)) == executed, "the notebook itself is not changed"
