"""Where stock nbgrader gives marks for nothing, or none for a right answer."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from vicourse.grade.score import earned, verify

PASSED = new_output("stream", name="stdout", text="✓ right\n")
WARNING = new_output("stream", name="stderr", text="UserWarning: careful\n")
ERROR = new_output("error", ename="Mistake", evalue="no", traceback=[])
NUMBER = new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)


def graded(*outputs: NotebookNode, run: str = "ok", count: int | None = 1) -> NotebookNode:
    meta = {"grade": True, "grade_id": "test_a", "locked": True, "points": 2, "solution": False}
    ours = {"run": run, "inside": "a", "blamed": "a"}
    cell = new_code_cell("test()", metadata={"nbgrader": meta, "vicourse": ours})
    return from_dict({**cell, "outputs": list(outputs), "execution_count": count})


@pytest.mark.parametrize(
    ("outputs", "settings", "ours", "stock"),
    [
        ([PASSED], {}, 2, 2),
        ([PASSED, ERROR], {"run": "error"}, 0, 0),
        ([PASSED, WARNING], {}, 2, 0),  # a warning does not make an answer wrong
        ([], {}, 0, 2),  # no test passes in silence
        ([], {"run": "not run", "count": None}, 0, 2),
        ([PASSED], {"run": "not run", "count": None}, 0, 2),
        ([PASSED], {"run": "stopped"}, 0, 2),
        ([NUMBER], {}, 0, 0.5),  # a value that happens to come last is not a mark
    ],
)
def test_points_beside_those_of_stock_nbgrader(outputs, settings, ours, stock) -> None:
    cell = graded(*outputs, **settings)
    assert (earned(cell), determine_grade(cell)[0]) == (ours, stock)


def verified(*cells: NotebookNode) -> dict[str, list[str]]:
    notebook = from_dict({"cells": list(cells), "metadata": {"vicourse": {"withheld": {}}}})
    verify(notebook)
    return notebook.metadata.vicourse.withheld


def test_a_test_that_ran_is_not_withheld() -> None:
    assert verified(graded(PASSED), graded(ERROR, run="error", count=2)) == {}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (graded(run="not run", count=None), "not run to its end"),
        (graded(PASSED, run="died", count=None), "not run to its end"),
        (graded(PASSED, count=None), "out of order"),
        (graded(WARNING), "printed nothing"),
    ],
)
def test_a_test_that_did_not_run_is_withheld(cell: NotebookNode, reason: str) -> None:
    assert reason in verified(cell)["a"][0]


def test_tests_out_of_order_are_withheld() -> None:
    assert "out of order" in verified(graded(PASSED, count=7), graded(PASSED, count=3))["a"][0]
