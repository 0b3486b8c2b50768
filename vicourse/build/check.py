"""Whether the built files are what the lessons would give: in memory, without a kernel."""

from __future__ import annotations

import json

from vicourse.build.cells import Fault
from vicourse.build.execute import same_code
from vicourse.build.outputs import inspect
from vicourse.build.sources import first_difference, read_lesson, read_notebook
from vicourse.build.student import student_text
from vicourse.course import Course

__all__ = ["check_unit", "strays"]


def check_unit(course: Course, unit: str) -> list[str]:
    """Say what is stale or edited by hand in one unit's built files; empty if all is well."""
    try:
        lesson = read_lesson(course.lesson(unit))
        student = student_text(lesson, unit, course.root)
    except Fault as fault:
        return [f"lessons/{unit}.py: {fault}"]
    faults = []
    solution = read_notebook(course.solution(unit))
    if solution is None:
        faults.append(f"solutions/{unit}: not built")
    elif difference := first_difference(solution, lesson):
        faults.append(f"solutions/{unit}: not what lessons/{unit}.py gives: {difference}")
    elif not same_code(solution, lesson):
        faults.append(f"solutions/{unit}: not every cell has been run")
    else:
        try:
            inspect(solution, course.root)
        except Fault as fault:
            faults.append(f"solutions/{unit}: {fault}")
    if difference := student_difference(course, unit, student):
        faults.append(f"notebooks/{unit}: not what lessons/{unit}.py gives: {difference}")
    return faults


def student_difference(course: Course, unit: str, wanted: str) -> str | None:
    """Where the released notebook first differs from `wanted`, byte by byte."""
    path = course.student(unit)
    if not path.is_file():
        return "not built"
    have = path.read_bytes()
    if have == wanted.encode():
        return None
    try:
        cells = json.loads(have)["cells"]
    except (ValueError, KeyError):
        return "no notebook"
    for built, want in zip(cells, json.loads(wanted)["cells"]):
        if built != want:
            return f"cell {want['id']}"
    return "metadata or layout of the file"


def strays(course: Course) -> list[str]:
    """Name the files in the built folders that no lesson gives.

    nbgrader releases every file of `solutions/<unit>/`: an answer left there reaches students.
    """
    wanted = {course.solution(unit) for unit in course.units()}
    wanted |= {course.student(unit) for unit in course.units()}
    found = []
    for folder in ("solutions", "notebooks"):
        for path in sorted((course.root / folder).rglob("*")):
            if path.is_file() and path not in wanted and ".ipynb_checkpoints" not in path.parts:
                name = path.relative_to(course.root).as_posix()
                found.append(f"{name}: no lesson gives this file")
    return found
