"""What a cell's output may hold: nothing that changes at each run or tells of a computer."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from vicourse.build.cells import Fault

__all__ = ["LARGEST", "clean", "inspect", "output_bytes"]

LARGEST = 300 * 1024
WIDGET = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def clean(notebook: NotebookNode) -> None:
    """Take out what a reader does not need and a second run would change."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs with neighbouring streams made one: where a stream is cut depends on timing."""
    kept: list[NotebookNode] = []
    for output in outputs:
        last = kept[-1] if kept else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        elif WIDGET not in output.get("data", {}):
            kept.append(output)
    for output in kept:
        if output.output_type == "stream":
            output.text = overwritten(output.text)
        # the number of a message, of no use in a file
        output.pop("transient", None)
    return kept


def overwritten(text: str) -> str:
    """What a terminal shows: a carriage return starts its line again, as progress bars do."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def output_bytes(notebook: NotebookNode) -> int:
    """Size of all outputs as they stand in the file."""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return len(json.dumps(outputs, ensure_ascii=False).encode())


def inspect(notebook: NotebookNode, root: Path) -> None:
    """Refuse outputs that no reader should see.

    Raises:
        Fault: A cell wrote to standard error (nbgrader gives such a test cell no points), printed a
            path of this computer or a memory address, or the outputs are larger than `LARGEST`.
    """
    private = {str(root), str(Path.home()), sys.prefix, sys.base_prefix, tempfile.gettempdir()}
    private -= {"/", "/usr"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise Fault(f"cell {cell.id} wrote to standard error:\n{output.text}")
            text = words(output)
            if found := [path for path in private if path in text]:
                raise Fault(f"cell {cell.id} prints a path of this computer: {found[0]}")
            if found := ADDRESS.search(text):
                raise Fault(f"cell {cell.id} prints a memory address: {found[0]}")
    if (size := output_bytes(notebook)) > LARGEST:
        raise Fault(f"its outputs take {size // 1024} KB; {LARGEST // 1024} KB are allowed")


def words(output: NotebookNode) -> str:
    """The text of an output; pictures left out, as base64 may spell anything."""
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "\n".join(str(data[kind]) for kind in data if kind.startswith("text/"))
