"""`python -m vicourse.new UNIT`: begin a lesson that builds, is graded and passes at once."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from vicourse.build.cells import Fault
from vicourse.build.make import build
from vicourse.course import Course, here
from vicourse.readme import announce

__all__ = ["begin", "main"]

SKELETON = Path(__file__).parent / "skeleton"


def begin(course: Course, unit: str) -> list[Path]:
    """Write the skeleton lesson, its wrong and right answers and its row in README.md.

    Args:
        course: Where the lesson goes.
        unit: Two digits and a name, such as `15_name`.

    Returns:
        The files that were written.

    Raises:
        Fault: The name is not a unit's name, or there is such a lesson.
    """
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", unit):
        raise Fault(f"{unit!r} is no unit name: use two digits and small letters, as in 15_name")
    answers = course.root / "tests" / "answers" / unit
    if course.lesson(unit).exists() or answers.exists():
        raise Fault(f"there is a unit {unit}")
    copies = {course.lesson(unit): SKELETON / "lesson.py"}
    for path in sorted((SKELETON / "answers").rglob("*.py")):
        copies[answers / path.relative_to(SKELETON / "answers")] = path
    for target, source in copies.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace("00_skeleton", unit)
        target.write_text(text, encoding="utf-8")
    return [*copies, *told(course, unit, [path.name for path in copies])]


def told(course: Course, unit: str, names: list[str]) -> list[Path]:
    """Put the unit on the first page, where the tests look for it."""
    page = course.root / "README.md"
    if not page.is_file():
        return []
    wrong, right = (sum(n.startswith(kind) for n in names) for kind in ("wrong_", "right_"))
    page.write_text(
        announce(page.read_text(encoding="utf-8"), unit, wrong, right), encoding="utf-8"
    )
    return [page]


def main(arguments: list[str] | None = None) -> int:
    """Begin the lesson, build it, and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.new", description=__doc__)
    parser.add_argument("unit", metavar="UNIT", help="two digits and a name: 15_name")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    try:
        for path in begin(course, options.unit):
            print(f"wrote {path.relative_to(course.root).as_posix()}")
        print(build(course, options.unit))
    except Fault as fault:
        print(f"✗ {fault}")
        return 1
    print(f"Next: make edit UNIT={options.unit}, or edit the text and run make lessons.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
