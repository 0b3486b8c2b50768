"""Run a lesson from top to bottom in a fresh kernel."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from vicourse.build.cells import Fault
from vicourse.build.outputs import clean, inspect

__all__ = ["borrow_outputs", "execute", "run", "same_code"]

# the lesson draws its pictures without a browser, and sums in one order
SETTING = {"VILIB_STATIC": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
# else the kernel warns that others on a shared machine could read along
TRANSPORT = Config({"KernelManager": {"transport_encryption": "auto"}})

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run(notebook: NotebookNode, *, allow_errors: bool = False) -> NotebookNode:
    """A copy of the notebook with outputs, run in an empty folder: a lesson opens no file.

    Args:
        notebook: What to run; it stays as it is.
        allow_errors: Go on after a cell that raises, as a learner does.
    """
    result = copy.deepcopy(notebook)
    env = os.environ | SETTING
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            result,
            config=TRANSPORT,
            timeout=None,
            kernel_name="python3",
            allow_errors=allow_errors,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=env)
    result.metadata = copy.deepcopy(notebook.metadata)
    return result


def execute(notebook: NotebookNode, root: Path) -> NotebookNode:
    """Run a lesson and keep its outputs.

    Raises:
        Fault: A cell raised, the kernel died, or an output is not fit to be kept (see `inspect`).
    """
    try:
        result = run(notebook)
    except CellExecutionError as error:
        raise Fault(f"a cell raised:\n{COLOUR.sub('', str(error))}") from None
    except DeadKernelError:
        raise Fault("the kernel died") from None
    clean(result)
    inspect(result, root)
    return result


def same_code(old: NotebookNode | None, new: NotebookNode) -> bool:
    """Whether an executed notebook holds the outputs of exactly this code."""

    def code(notebook: NotebookNode) -> list[str]:
        return [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    if old is None or code(old) != code(new):
        return False
    return all(c.execution_count for c in old.cells if c.cell_type == "code" and c.source.strip())


def borrow_outputs(old: NotebookNode, new: NotebookNode) -> NotebookNode:
    """The new text with the old outputs: after a change of prose alone nothing has to run again."""
    result = copy.deepcopy(new)
    done = iter([cell for cell in old.cells if cell.cell_type == "code"])
    for cell in result.cells:
        if cell.cell_type == "code":
            source = next(done)
            cell.outputs, cell.execution_count = source.outputs, source.execution_count
    return result
