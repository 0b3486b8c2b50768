"""A submission is brought back to what was released, but for the student's own work."""

from __future__ import annotations

import copy

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from vicourse.grade.clean import restore
from vicourse.grade.released import Released, stated
from vicourse.rehearse.desk import Desk, cell


@pytest.fixture
def theirs(tiny_desk: Desk) -> NotebookNode:
    return tiny_desk.perfect()


def findings(notebook: NotebookNode, released: Released) -> tuple[dict, list[str]]:
    restore(notebook, released)
    found = notebook.metadata.vicourse
    return found.withheld, found.notes


def ids(notebook: NotebookNode) -> list[str]:
    return [name for c in notebook.cells if (name := stated(c))]


def test_exercises_are_recognised(released: Released) -> None:
    assert [(e.name, e.points, e.written) for e in released.exercises] == [
        ("double", 2.0, False),
        ("total", 3.0, False),
        ("written_why", 2.0, True),
    ]
    assert (released.points, released.automatic) == (7.0, 5.0)


def test_an_honest_submission_has_no_findings(theirs: NotebookNode, released: Released) -> None:
    assert findings(theirs, released) == ({}, [])


def test_a_student_may_add_cells(theirs: NotebookNode, released: Released) -> None:
    own = new_code_cell("x = 1", metadata={"tags": ["long"]})
    theirs.cells.insert(3, own)
    assert findings(theirs, released) == ({}, [])
    assert "tags" not in own.metadata, "tags are ours alone to give"


def test_tags_come_from_the_released_notebook(theirs: NotebookNode, released: Released) -> None:
    ours = [c for c in theirs.cells if "long" in c.metadata.get("tags", [])]
    assert len(ours) == 1
    ours[0].metadata.clear()
    ours[0].source = "while True: pass"
    findings(theirs, released)
    assert ours[0].metadata.tags == ["long"], "an edited long cell stays left out"


def test_a_deleted_test_comes_back_in_its_place(theirs: NotebookNode, released: Released) -> None:
    before = ids(theirs)
    theirs.cells.remove(cell(theirs, "test_double"))
    withheld, notes = findings(theirs, released)
    assert withheld == {"double": ["cell test_double was deleted"]}
    assert ids(theirs) == before
    assert notes == []


def test_everything_deleted(theirs: NotebookNode, released: Released) -> None:
    theirs.cells = [new_code_cell("print('nothing')")]
    withheld, notes = findings(theirs, released)
    assert set(withheld) == {"double", "total", "written_why"}
    assert "answer cell double was deleted" in notes
    assert "6 code cells of the lesson deleted" not in notes
    assert ids(theirs) == ["test_double", "test_total", "written_why"]


@pytest.mark.parametrize("name", ["double", "test_double"])
def test_of_copies_the_one_with_our_id_counts(
    name: str, theirs: NotebookNode, released: Released
) -> None:
    original = cell(theirs, name)
    double = copy.deepcopy(original)
    double["id"] = "a-copy"
    theirs.cells.append(double)
    withheld, _ = findings(theirs, released)
    assert withheld == {"double": [f"cell {name} is there 2 times"]}
    assert stated(original) == name
    assert stated(double) is None


def test_swapped_names_are_seen_through(theirs: NotebookNode, released: Released) -> None:
    first, second = cell(theirs, "test_double"), cell(theirs, "test_total")
    first.metadata.nbgrader.grade_id, second.metadata.nbgrader.grade_id = (
        "test_total",
        "test_double",
    )
    withheld, _ = findings(theirs, released)
    assert set(withheld) == {"double", "total"}
    assert (stated(first), stated(second)) == ("test_double", "test_total")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("points", 100),
        ("points", "2; drop"),
        ("grade", False),
        ("solution", True),
        ("locked", False),
    ],
)
def test_altered_marking_is_put_right(
    key: str, value: object, theirs: NotebookNode, released: Released
) -> None:
    theirs_test = cell(theirs, "test_double")
    theirs_test.metadata.nbgrader[key] = value
    withheld, _ = findings(theirs, released)
    assert key in withheld["double"][0]
    assert theirs_test.metadata.nbgrader == released.graded["test_double"].metadata.nbgrader


@pytest.mark.parametrize("nonsense", [None, 3, [], "x", {}, {"grade_id": 3}, {"grade_id": ["a"]}])
def test_metadata_of_any_shape(nonsense: object, theirs: NotebookNode, released: Released) -> None:
    cell(theirs, "test_double").metadata["nbgrader"] = nonsense
    theirs.cells[0].metadata["tags"] = nonsense
    withheld, _ = findings(theirs, released)
    assert set(withheld) == {"double"}
    assert "test_double" in ids(theirs)


def test_a_test_turned_into_text(theirs: NotebookNode, released: Released) -> None:
    test = cell(theirs, "test_total")
    test.cell_type = "markdown"
    del test["outputs"], test["execution_count"]
    withheld, _ = findings(theirs, released)
    assert withheld["total"] == ["cell test_total was turned into markdown"]
    assert (test.cell_type, test.outputs) == ("code", [])


def test_deleted_lesson_cells_are_noted(theirs: NotebookNode, released: Released) -> None:
    del theirs.cells[2]
    assert findings(theirs, released) == ({}, ["1 code cell of the lesson deleted"])


def test_ids_lost_on_the_way_do_no_harm(theirs: NotebookNode, released: Released) -> None:
    for number, each in enumerate(theirs.cells):
        each["id"] = f"new-{number}"
    assert findings(theirs, released) == ({}, [])
    assert sum("long" in c.metadata.get("tags", []) for c in theirs.cells) == 1


def test_who_answers_for_a_cell(theirs: NotebookNode, released: Released) -> None:
    theirs.cells.append(new_code_cell("exit()"))
    restore(theirs, released)
    placed = {c.source: c.metadata.vicourse for c in theirs.cells}
    assert placed["print(double(4))"].inside == "double"
    assert placed["exit()"] == {"inside": None, "blamed": "total", "ours": False}
    assert placed[released.notebook.cells[1].source].ours
