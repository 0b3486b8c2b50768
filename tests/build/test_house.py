"""The sizes that keep files, functions and cells readable."""

import ast
import json
import statistics
from pathlib import Path

import pytest

from vicourse.build.sources import read_lesson
from vicourse.course import here

COURSE = here()
FILES = sorted(
    path
    for package in ("vilib", "vicourse")
    for path in (COURSE.root / package).rglob("*.py")
    if "skeleton" not in path.parts
)
SHOWN = [path.relative_to(COURSE.root).as_posix() for path in FILES]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    has_docstring = ast.get_docstring(function) is not None and len(function.body) > 1
    body = function.body[1:] if has_docstring else function.body
    return body[-1].end_lineno - body[0].lineno + 1


def functions(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return {f"{node.name}, line {node.lineno}": body_lines(node) for node in found}


@pytest.mark.parametrize("path", FILES, ids=SHOWN)
def test_file_fits_a_page_or_two(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250
    assert path.name != "utils.py", "name a file after its idea"


@pytest.mark.parametrize("path", FILES, ids=SHOWN)
def test_functions_are_short(path: Path):
    assert {name: size for name, size in functions(path).items() if size > 40} == {}


def test_most_files_and_functions_are_shorter_still():
    assert (
        statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES)
        <= 150
    )
    assert statistics.median(size for path in FILES for size in functions(path).values()) <= 10


@pytest.mark.parametrize("unit", COURSE.units())
def test_cells_are_short(unit: str):
    cells = [c for c in read_lesson(COURSE.lesson(unit)).cells if c.cell_type == "code"]
    sizes = sorted((len(c.source.splitlines()), c.id) for c in cells)
    assert [name for size, name in sizes if size > 30] == []
    counts = [size for size, _ in sizes]
    assert statistics.median(counts) <= 8
    assert counts[int(0.9 * (len(counts) - 1))] <= 20, "nine cells in ten"


@pytest.mark.parametrize("unit", COURSE.units())
def test_code_and_what_it_prints_fit_the_screen(unit: str):
    """With the list of files open beside it a cell shows about 100 characters a line."""
    notebook = json.loads(COURSE.solution(unit).read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    assert [line for line in code if len(line) > 100] == []
    printed = [
        line
        for cell in cells
        for output in cell["outputs"]
        if output.get("name") == "stdout"
        for line in "".join(output["text"]).splitlines()
    ]
    # tables must not wrap; sentences may, such as those on the data and those of the pictures
    assert [line for line in printed if len(line) > 100 and "   " in line] == []


@pytest.mark.parametrize("unit", COURSE.units())
def test_lesson_is_short(unit: str):
    """What a learner is given to read; the cells of exercises are the learner's own."""
    cells = [c for c in read_lesson(COURSE.lesson(unit)).cells if c.cell_type == "code"]
    read = [cell for cell in cells if "nbgrader" not in cell.metadata]
    assert sum(statements(cell.source) for cell in read) <= 250


def statements(source: str) -> int:
    """Lines of code, where one that is broken to fit the screen counts once."""
    tree = ast.parse(source)
    return sum(isinstance(node, ast.stmt | ast.ExceptHandler) for node in ast.walk(tree))
