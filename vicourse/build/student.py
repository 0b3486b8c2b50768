"""The student's notebook: nbgrader's own steps, in memory and without its database."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config, PyFileConfigLoader

from vicourse.build.cells import Fault

__all__ = ["student_text"]


@cache
def course_config(root: Path) -> Config:
    """The settings of `nbgrader_config.py`, so that this build and nbgrader's agree."""
    config = Config()
    path = root / "nbgrader_config.py"
    if path.is_file():
        config.merge(PyFileConfigLoader(path.name, str(root)).load_config())
    config.Exporter.default_preprocessors = []
    return config


def student_text(notebook: NotebookNode, unit: str, root: Path) -> str:
    """What `nbgrader generate_assignment` writes for this solution, byte for byte.

    Args:
        notebook: The solution; outputs do not matter, they are taken out.
        unit: Name of the unit.
        root: The course folder.

    Raises:
        Fault: nbgrader refuses the notebook; the message is nbgrader's.
    """
    config = course_config(root)
    exporter = NotebookExporter(config=config)
    steps = GenerateAssignment(coursedir=None, config=config).preprocessors
    for step in steps:
        # the gradebook holds hidden tests: it belongs to the teacher's release, not to the build
        if step is not SaveCells:
            exporter.register_preprocessor(step, enabled=True)
    naming = {"student": ".", "assignment": unit, "notebook": unit}
    try:
        text, _ = exporter.from_notebook_node(
            copy.deepcopy(notebook), {"unique_key": unit, "nbgrader": naming}
        )
    except Exception as error:
        raise Fault(f"nbgrader refuses it: {error}") from error
    return text
