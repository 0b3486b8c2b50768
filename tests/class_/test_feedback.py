"""Feedback shows the mistake, and nothing of a hidden test."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output

from vicourse.feedback import Hide

SECRET = "check(answer, seed=4711)"
SOURCE = f"check(answer, seed=1)\n### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
RED, PLAIN = "\x1b[31m", "\x1b[39m"
TRACEBACK = [
    f"{RED}-----{PLAIN}",
    f"{RED}Mistake{PLAIN}   Traceback (most recent call last)",
    f"Cell {RED}In[2]{PLAIN}, line 3\n    2 ### BEGIN HIDDEN TESTS\n--> 3 {SECRET}",
    f"Cell {RED}In[1]{PLAIN}, line 2, in {RED}answer{PLAIN}(x)\n----> 2     return one_thing(x)",
    "File ~/course/vilib/checks/check.py:30, in check(f)\n---> 30     raise Mistake(...)",
    f"{RED}Mistake{PLAIN}: the sign is wrong.\n  yours:    1",
]


def hidden(*outputs: NotebookNode, student: NotebookNode | None = None) -> NotebookNode:
    """A notebook whose test cell gave some outputs, as feedback shows it."""
    meta = {"grade": True, "grade_id": "test_a", "locked": True, "points": 2, "solution": False}
    test = from_dict(
        {
            **new_code_cell(SOURCE, metadata={"nbgrader": {**meta, "schema_version": 3}}),
            "outputs": list(outputs),
            "execution_count": 2,
        }
    )
    own = student or new_code_cell("def answer(x): ...", execution_count=1)
    notebook = new_notebook(cells=[own, test])
    Hide().preprocess(notebook, {})
    return notebook


def error(traceback: list[str] = TRACEBACK) -> NotebookNode:
    message = "the sign is wrong.\n  yours:    1"
    return new_output("error", ename="Mistake", evalue=message, traceback=traceback)


def test_the_message_stays_and_the_test_goes() -> None:
    test = hidden(error()).cells[1]
    shown = "\n".join(test.outputs[0].traceback)
    assert "Mistake: the sign is wrong.\n  yours:    1" in shown
    assert "return one_thing(x)" in shown, "the student's own line is what they have to look at"
    assert "4711" not in shown
    assert "HIDDEN" not in shown
    assert "vilib/checks" not in shown
    assert test.source == "check(answer, seed=1)"


def test_a_message_that_was_cut_off_is_put_back() -> None:
    shown = hidden(error(TRACEBACK[:3])).cells[1].outputs[0].traceback
    assert shown[-1].startswith("Mistake: the sign is wrong.")


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stderr", text=f"cell.py:3: UserWarning\n  {SECRET}\n"),
        new_output("execute_result", data={"text/plain": f"'{SECRET}'"}, execution_count=9),
        new_output("display_data", data={"text/html": f"<b>{SECRET}</b>"}),
        new_output(
            "error",
            ename="E",
            evalue=SECRET,
            traceback=[f"\x1b[31m{SECRET[:5]}\x1b[0m{SECRET[5:]}"],
        ),
    ],
)
def test_a_hidden_line_is_shown_nowhere(output: NotebookNode) -> None:
    student = new_code_cell("print(In)", execution_count=1, outputs=[output])
    shown = hidden(student=student).cells[0]
    assert SECRET not in str(shown.outputs)
    assert "[hidden]" in str(shown.outputs)


def test_what_was_withheld_is_said_first() -> None:
    notebook = new_notebook()
    notebook.metadata["vicourse"] = {"withheld": {"a": ["cell a was deleted"]}, "notes": ["note"]}
    Hide().preprocess(notebook, {})
    assert "**a**: cell a was deleted" in notebook.cells[0].source
    assert "- note" in notebook.cells[0].source
