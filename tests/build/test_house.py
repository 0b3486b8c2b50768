"""The sizes that keep files, functions and cells readable."""

import ast
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
def test_lesson_is_short(unit: str):
    cells = [c for c in read_lesson(COURSE.lesson(unit)).cells if c.cell_type == "code"]
    assert sum(code_lines(cell.source) for cell in cells) <= 250


def code_lines(source: str) -> int:
    """Lines of code: not blank, no comment, no docstring (an exercise's is its specification)."""
    tree = ast.parse(source)
    prose = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            prose |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(n not in prose and bool(x.strip()) and x.strip()[0] != "#" for n, x in lines)
