"""`python -m vicourse.export [UNIT …]`: one CSV a unit, for an LMS."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from vicourse.course import Course, here
from vicourse.grade.gradebook import Mark, late_penalty, marks
from vicourse.grade.outcome import Outcome, load
from vicourse.grade.released import Released, read_released

__all__ = ["export", "main", "rows"]


def rows(course: Course, unit: str) -> list[dict[str, object]]:
    """One row a student: score, max, each exercise, pending, needs_attention, reason.

    Marks are those in the gradebook now, so what a human has given since is in. A submission
    stops needing attention once a human has given every mark that was withheld.

    Args:
        course: The course folder.
        unit: Name of a unit that was graded.
    """
    released = read_released(course.student(unit))
    return [row(course, unit, outcome, released) for outcome in load(course, unit).values()]


def row(course: Course, unit: str, outcome: Outcome, released: Released) -> dict[str, object]:
    """The row of one student."""
    given = {mark.name: mark for mark in marks(course, unit, outcome.student)}
    columns, pending, withheld = {}, 0, False
    for exercise in released.exercises:
        parts: list[Mark] = [given[n] for n in exercise.tests or exercise.answers if n in given]
        waits = any(part.waits for part in parts)
        pending += waits and exercise.written
        withheld |= waits and not exercise.written
        # a written answer that nobody has read has no marks yet, which is not the same as none
        so_far = plain(sum(part.score for part in parts))
        columns[exercise.name] = "" if waits and exercise.written else so_far
    attention = outcome.ungraded or withheld
    score = sum(m.score for m in given.values()) - late_penalty(course, unit, outcome.student)
    return {
        "student": outcome.student,
        "unit": unit,
        "score": plain(score),
        "max": plain(released.points),
        **columns,
        "pending": int(pending),
        "needs_attention": "yes" if attention else "no",
        "reason": harmless("; ".join(outcome.reasons)) if attention else "",
    }


def plain(number: float) -> float | int:
    """A number without digits that say nothing."""
    return int(number) if number == int(number) else round(number, 4)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula; it may hold file names that students chose."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def export(course: Course, unit: str) -> tuple[Path, int]:
    """Write `exported/<unit>.csv`; return its path and how many submissions need attention.

    Raises:
        LookupError: Nothing was graded yet.
    """
    table = rows(course, unit)
    if not table:
        raise LookupError(f"{unit} was not graded yet: make grade UNIT={unit}")
    path = course.root / "exported" / f"{unit}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path, sum(row["needs_attention"] == "yes" for row in table)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and export; the exit status is 2 if nothing was graded."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.export", description=__doc__)
    parser.add_argument("unit", nargs="*", metavar="UNIT", help="all graded units by default")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    units = options.unit or sorted(p.stem for p in (course.root / "autograded").glob("*.json"))
    try:
        if not units:
            raise LookupError("nothing was graded yet")
        for unit in units:
            path, flagged = export(course, unit)
            print(f"✓ {path.relative_to(course.root)} ({flagged} need attention)")
    except (LookupError, FileNotFoundError) as error:
        parser.exit(2, f"✗ {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
