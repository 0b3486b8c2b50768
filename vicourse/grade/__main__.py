"""`python -m vicourse.grade UNIT`: grade all submissions of a unit and print a summary."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nbgrader.api import MissingEntry
from tqdm import tqdm

from vicourse.course import Course, here
from vicourse.grade.gradebook import open_gradebook, students
from vicourse.grade.limits import Limits
from vicourse.grade.outcome import Outcome, save, table
from vicourse.grade.pool import grade_many
from vicourse.grade.released import read_released

__all__ = ["grade", "main"]


def grade(
    course: Course,
    unit: str,
    names: list[str] | None = None,
    limits: Limits | None = None,
    jobs: int = 2,
) -> list[Outcome]:
    """Grade a class, with a progress bar, and keep the outcomes.

    Args:
        course: The course folder.
        unit: Name of the unit.
        names: Students; everyone who is known by default.
        limits: What one notebook may use.
        jobs: Submissions at a time.

    Raises:
        LookupError: The unit was not released, or not as it is now, or there is nobody to grade.
    """
    check_released(course, unit)
    names = names or students(course)
    if not names:
        raise LookupError("submitted/ is empty: collect first")
    outcomes = []
    todo = grade_many(course, unit, names, limits or Limits(), jobs)
    for outcome in tqdm(todo, desc=unit, total=len(names), unit="student", disable=None):
        outcomes.append(outcome)
        save(course, unit, [outcome])  # what is done stays done, whatever happens next
    return sorted(outcomes, key=lambda outcome: outcome.student)


def check_released(course: Course, unit: str) -> None:
    """Refuse to grade with a gradebook that does not know the notebook that is handed out."""
    wanted = set(read_released(course.student(unit)).graded)
    with open_gradebook(course) as gradebook:
        try:
            known = {cell.name for cell in gradebook.find_notebook(unit, unit).source_cells}
        except MissingEntry:
            raise LookupError(f"{unit} was never released: make release UNIT={unit}") from None
    if known != wanted:
        odd = ", ".join(sorted(known ^ wanted))
        raise LookupError(f"gradebook and notebook differ in {odd}: make release UNIT={unit}")


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, grade, print the summary; exit status 0 once all were looked at."""
    usual = Limits()
    parser = argparse.ArgumentParser(prog="python -m vicourse.grade", description=__doc__)
    parser.add_argument("unit", metavar="UNIT")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="at a time")
    parser.add_argument(
        "--timeout", type=float, default=usual.cell, help="processor seconds for one cell"
    )
    parser.add_argument("--total", type=float, default=usual.whole, help="seconds for one notebook")
    parser.add_argument("--memory", type=float, default=usual.memory, help="GiB for one notebook")
    parser.add_argument("--student", action="append", help="only this one; may be repeated")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    limits = Limits(cell=options.timeout, whole=options.total, memory=options.memory)
    course = Course(options.root.resolve())
    try:
        outcomes = grade(course, options.unit, options.student, limits, options.jobs)
    except (LookupError, FileNotFoundError) as error:
        parser.exit(2, f"✗ {error}\n")
    print(table(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
