"""Every lesson opens in the same way, follows the rules of the house, and is built."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from nbformat import NotebookNode
from papermill import inspect_notebook

import vilib
from vicourse.build.check import check_unit, strays
from vicourse.build.sources import first_difference, read_lesson, read_notebook
from vicourse.course import here
from vicourse.edit import lesson_text

COURSE = here()
UNITS = COURSE.units()
SKELETON = Path(vilib.__file__).parents[1] / "vicourse" / "skeleton" / "lesson.py"
MARKS = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}

each_unit = pytest.mark.parametrize("unit", UNITS)


def lesson(unit: str) -> NotebookNode:
    return read_lesson(COURSE.lesson(unit))


def code(unit: str) -> list[NotebookNode]:
    return [c for c in lesson(unit).cells if c.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def marks(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def setup_cells(notebook: NotebookNode) -> str:
    cells = [c.source for c in notebook.cells if c.cell_type == "code"]
    (colab,) = [source for source in cells if "google.colab" in source]
    return colab


def test_there_are_lessons():
    assert UNITS


@each_unit
def test_built_files_are_what_the_lesson_gives(unit: str):
    assert check_unit(COURSE, unit) == []


def test_built_folders_hold_nothing_else():
    assert strays(COURSE) == []


@each_unit
def test_parameters_can_be_set_from_outside(unit: str):
    parameters = inspect_notebook(str(COURSE.student(unit)))
    assert {"scale", "seed"} <= set(parameters)
    assert parameters["scale"]["default"] == '"class"'
    assert int(parameters["seed"]["default"]) >= 0


@each_unit
def test_it_opens_as_every_lesson_does(unit: str):
    cells = code(unit)
    assert tags(cells[0]) == ["parameters"]
    assert cells[1].source == setup_cells(read_lesson(SKELETON))
    opening = "\n".join(c.source for c in cells[:6])
    assert f'vilib.doctor("{unit}"' in opening
    assert "torch.set_num_threads(1)" in opening
    assert 'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")' in opening


def test_colab_installs_from_the_projects_address():
    project = tomllib.loads((COURSE.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project["urls"]["Repository"]
    assert f"git+{address}" in setup_cells(read_lesson(SKELETON))
    readme = (COURSE.root / "README.md").read_text(encoding="utf-8")
    path = address.removeprefix("https://github.com/")
    assert f"mybinder.org/v2/gh/{path}/" in readme
    assert f"colab.research.google.com/github/{path}/" in readme


@each_unit
def test_device_and_threads_are_chosen_once(unit: str):
    text = "\n".join(c.source for c in code(unit))
    assert text.count("torch.device(") == 1
    assert text.count("set_num_threads") == 1
    assert ".cuda()" not in text


@each_unit
def test_it_opens_no_file(unit: str):
    text = "\n".join(c.source for c in code(unit))
    assert not re.search(r"\bopen\(|\bPath\(|read_csv|torch\.load|np\.load", text)


@each_unit
def test_marks_of_nbgrader_are_complete(unit: str):
    marked = [c for c in lesson(unit).cells if "nbgrader" in c.metadata]
    for cell in marked:
        assert set(marks(cell)) - {"points"} == MARKS, cell.id
        assert ("points" in marks(cell)) == (marks(cell)["grade"] or marks(cell)["task"]), cell.id


@each_unit
def test_every_exercise_has_an_answer_a_visible_and_a_hidden_test(unit: str):
    cells = {c.id: c for c in code(unit) if marks(c)}
    solutions = {name for name, c in cells.items() if marks(c)["solution"]}
    tests = {name for name, c in cells.items() if marks(c)["grade"]}
    assert tests == {f"test_{name}" for name in solutions}
    for name in solutions:
        assert "### BEGIN SOLUTION" in cells[name].source
        assert ast.get_docstring(functions_of(cells[name])[0]), f"{name}: the docstring is the task"
    for name in tests:
        assert cells[name].source.startswith("# "), "its first line says what it checks"
        visible, mark, hidden = cells[name].source.partition("### BEGIN HIDDEN TESTS")
        assert mark, name
        assert "checks." in visible
        assert "checks." in hidden


def functions_of(cell: NotebookNode) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]


@each_unit
def test_test_cells_name_checks_and_the_learners_functions_only(unit: str):
    cells = code(unit)
    learners = {f.name for c in cells if marks(c).get("solution") for f in functions_of(c)}
    for cell in [c for c in cells if marks(c).get("grade")]:
        names = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
        assert names <= learners | {"checks"}, cell.id


@each_unit
def test_names_of_vilib_are_redefined_in_exercises_only(unit: str):
    public = {name for module in vilib.SUBMODULES for name in getattr(vilib, module).__all__}
    for cell in [c for c in code(unit) if not marks(c).get("solution")]:
        body = ast.parse(cell.source).body
        kinds = ast.FunctionDef | ast.ClassDef
        assert not {n.name for n in body if isinstance(n, kinds)} & public, cell.id


@each_unit
def test_it_survives_being_edited_as_a_notebook(unit: str, tmp_path: Path):
    again = tmp_path / f"{unit}.py"
    again.write_text(lesson_text(lesson(unit)), encoding="utf-8")
    assert first_difference(read_lesson(again), lesson(unit)) is None


@each_unit
def test_student_and_solution_differ_in_marked_cells_only(unit: str):
    solution, student = read_notebook(COURSE.solution(unit)), read_notebook(COURSE.student(unit))
    assert [c.id for c in student.cells] == [c.id for c in solution.cells]
    for theirs, ours in zip(student.cells, solution.cells):
        if not (marks(ours).get("solution") or marks(ours).get("grade")):
            assert (theirs.cell_type, theirs.source) == (ours.cell_type, ours.source), ours.id
            continue
        kept = iter(ours.source.splitlines())
        stub = {"# YOUR CODE HERE", "raise NotImplementedError()", "YOUR ANSWER HERE"}
        fixed = [line for line in theirs.source.splitlines() if line.strip() not in stub]
        assert all(line in kept for line in fixed), f"{ours.id}: the rest is as in the solution"
