"""The notebook that a lesson's text stands for, before anything is run."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from vicourse.build.cells import Fault, give_ids

__all__ = ["first_difference", "read_lesson", "read_notebook", "write_if_changed"]

# written out, not copied from the kernel that ran the lesson: its version would change the bytes
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
KEPT = ("nbgrader", "tags")


def read_lesson(path: Path) -> NotebookNode:
    """Turn py:percent text into a notebook with fixed ids and no outputs.

    Raises:
        Fault: The file is missing, is no py:percent text, or its cells cannot be told apart.
    """
    if not path.is_file():
        raise Fault(f"there is no lesson {path.name}")
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    if len(notebook.cells) < 2:
        raise Fault(f"{path.name} has {len(notebook.cells)} cell: does it use `# %%`?")
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
        cell.metadata = nbformat.from_dict(kept)
    give_ids(notebook.cells)
    nbformat.validate(notebook)
    return notebook


def read_notebook(path: Path) -> NotebookNode | None:
    """A built notebook, or None where there is none that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None


def first_difference(built: NotebookNode, wanted: NotebookNode) -> str | None:
    """Compare two notebooks but for outputs; say in words where they first differ, or None."""
    if built.metadata != wanted.metadata:
        return "the notebook's metadata"
    for have, want in zip(built.cells, wanted.cells):
        for part in ("cell_type", "source", "metadata", "id"):
            if have.get(part) != want[part]:
                return f"{part} of cell {want.id}"
    if len(built.cells) != len(wanted.cells):
        return f"{len(built.cells)} cells, not {len(wanted.cells)}"
    return None


def write_if_changed(path: Path, text: str) -> bool:
    """Write a file unless it holds just that; return whether it was written."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # a reader, or a second build, never sees half a file
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)
    return True
