"""How the tests of the build change and compare files."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vicourse.course import Course


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test wants to change {old!r}, which is not there"
    path.write_text(text.replace(old, new), encoding="utf-8")


def built_bytes(course: Course) -> dict[str, bytes]:
    return {
        str(path.relative_to(course.root)): path.read_bytes()
        for folder in ("solutions", "notebooks")
        for path in sorted((course.root / folder).rglob("*"))
        if path.is_file()
    }


def notebook(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def cell(built: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in built.cells if c.id == name)
