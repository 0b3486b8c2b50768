"""An untouched student notebook runs to its end; only the learner's answers are missing."""

import pytest
from nbformat import NotebookNode

from vicourse.build.execute import run
from vicourse.build.sources import read_notebook
from vicourse.course import here

COURSE = here()


@pytest.fixture(scope="module", params=COURSE.units())
def blank(request: pytest.FixtureRequest) -> NotebookNode:
    return run(read_notebook(COURSE.student(request.param)), allow_errors=True)


def errors(cell: NotebookNode) -> list[str]:
    outputs = cell.get("outputs", [])
    return [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]


def test_nothing_but_not_implemented_is_raised(blank: NotebookNode):
    raised = {cell.id: errors(cell) for cell in blank.cells if errors(cell)}
    others = {name: found for name, found in raised.items() if found != ["NotImplementedError: "]}
    assert others == {}


def test_every_test_cell_asks_for_the_answer(blank: NotebookNode):
    graded = [
        cell
        for cell in blank.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert graded
    assert [cell.id for cell in graded if errors(cell) != ["NotImplementedError: "]] == []


def test_cells_given_to_the_learner_run(blank: NotebookNode):
    """No section hangs on an exercise: the look at one's answer and the test fail, no more."""
    failed = [cell.id for cell in blank.cells if errors(cell)]
    exercises = [c for c in blank.cells if c.id.startswith("test_") and c.cell_type == "code"]
    assert len(failed) <= 2 * len(exercises)


def test_nothing_is_written_to_standard_error(blank: NotebookNode):
    names = {o.get("name") for cell in blank.cells for o in cell.get("outputs", [])}
    assert "stderr" not in names
