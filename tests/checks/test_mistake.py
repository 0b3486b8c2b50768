"""What a learner sees of a refusal, and how values are compared."""

import torch
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from vilib.checks import Mistake, agree


def test_a_notebook_shows_the_message_and_nothing_of_the_check():
    call = 'expect("2 + 2", 5.0, 4.0, {"one is counted twice": 5.0})'
    code = f"from vilib.checks import expect\n{call}"
    notebook = new_notebook(cells=[new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    (error,) = [o for o in notebook.cells[0].outputs if o.output_type == "error"]
    shown = "\n".join(error.traceback)
    assert shown == str(Mistake("2 + 2", "one is counted twice", yours=5, expected=4))
    assert error.ename == "Mistake"


def test_values_that_differ_do_not_look_alike():
    text = str(Mistake("f", "wrong", yours=torch.tensor(1.0 + 1e-7).double(), expected=1.0))
    yours, expected = (line.split(":")[1] for line in text.splitlines()[1:])
    assert yours != expected


def test_an_infinite_mistake_does_not_agree_with_everything():
    assert not agree(torch.tensor([1.0, 2.0]), torch.tensor([1.0, float("-inf")]))
    assert agree(torch.tensor([1.0, float("-inf")]), torch.tensor([1.0, float("-inf")]))
    assert not agree(torch.tensor([float("nan")]), torch.tensor([float("nan")]))
