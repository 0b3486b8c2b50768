"""Build one unit: run it where its code changed, write what its text changed."""

from __future__ import annotations

import os
from dataclasses import dataclass

import nbformat

from vicourse.build.execute import borrow_outputs, execute, same_code
from vicourse.build.outputs import inspect, output_bytes
from vicourse.build.sources import read_lesson, read_notebook, write_if_changed
from vicourse.build.student import student_text
from vicourse.course import Course

__all__ = ["Report", "build"]


@dataclass(frozen=True)
class Report:
    """What a build did.

    Attributes:
        unit: Name of the unit.
        written: Which of the two files were written.
        seconds: Processor seconds that the lesson's kernel used, None if it did not have to run.
        kilobytes: Size of the solution's outputs.
    """

    unit: str
    written: tuple[str, ...]
    seconds: float | None
    kilobytes: int

    def __str__(self) -> str:
        """One line for the person who builds."""
        did = " and ".join(self.written) + " written" if self.written else "up to date"
        ran = "" if self.seconds is None else f", run in {self.seconds:.0f} processor seconds"
        return f"{self.unit}: {did}{ran}, outputs {self.kilobytes} KB"


def build(course: Course, unit: str, *, force: bool = False) -> Report:
    """Build what changed of one unit; nothing is written unless all of it succeeds.

    Args:
        course: Where the files lie.
        unit: Name of the unit.
        force: Run the lesson even if its code did not change (vilib may have).

    Raises:
        Fault: The lesson cannot be built; the message says why.
    """
    lesson, old = read_lesson(course.lesson(unit)), read_notebook(course.solution(unit))
    student = student_text(lesson, unit, course.root)
    seconds = None
    if old is not None and same_code(old, lesson) and not force:
        solution = borrow_outputs(old, lesson)
        inspect(solution, course.root)
    else:
        before = children_seconds()
        solution = execute(lesson, course.root)
        seconds = children_seconds() - before
    texts = {
        course.solution(unit): nbformat.writes(solution) + "\n",
        course.student(unit): student,
    }
    changed = [path for path, text in texts.items() if write_if_changed(path, text)]
    written = tuple(path.parents[1].name for path in changed)
    return Report(unit, written, seconds, output_bytes(solution) // 1024)


def children_seconds() -> float:
    """Processor seconds of all child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system
