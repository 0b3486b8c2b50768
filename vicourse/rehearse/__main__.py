"""`python -m vicourse.rehearse UNIT`: the whole round with made-up students.

The exit status is 1 if a mark, a reason or a feedback page is not as expected.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from vicourse.course import Course, here
from vicourse.grade.limits import Limits
from vicourse.grade.outcome import table
from vicourse.rehearse.actors import cast
from vicourse.rehearse.desk import desk
from vicourse.rehearse.play import Verdict, play, stage

__all__ = ["main", "report"]


def report(verdicts: list[Verdict]) -> str:
    """Expected marks beside those that came out."""
    width = max(len(v.actor.name) for v in verdicts)
    lines = [f"  {'student'.ljust(width)}  expected  obtained  attention"]
    for v in verdicts:
        sign = "✗" if v.faults else "✓"
        marks = f"{v.actor.score:>8g}  {float(v.row['score']):>8g}"
        lines.append(f"{sign} {v.actor.name.ljust(width)}  {marks}  {v.row['needs_attention']:<9}")
        lines += [f"    {fault}" for fault in v.faults]
    bad = sum(bool(v.faults) for v in verdicts)
    lines.append(f"{len(verdicts)} made-up students, {bad} not as expected.")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, rehearse, print both tables."""
    usual = Limits()
    parser = argparse.ArgumentParser(prog="python -m vicourse.rehearse", description=__doc__)
    parser.add_argument("unit", metavar="UNIT")
    parser.add_argument("--students", type=int, default=12, help="12 usual ones; more add mistakes")
    parser.add_argument("--jobs", type=int, default=2, help="submissions at a time")
    parser.add_argument(
        "--timeout", type=float, default=10.0, help="processor seconds for one cell"
    )
    parser.add_argument("--memory", type=float, default=usual.memory, help="GiB for one notebook")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    parser.add_argument("--answers", type=Path, help="folder of wrong answers (tests/answers)")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    answers = options.answers or course.root / "tests" / "answers"
    limits = Limits(cell=options.timeout, memory=options.memory)
    with tempfile.TemporaryDirectory(prefix="virehearse") as folder:
        try:
            told = desk(course, options.unit, answers)
        except FileNotFoundError as error:
            parser.exit(2, f"✗ {error}\n")
        staged = stage(course, options.unit, Path(folder).resolve() / "course")
        verdicts = play(staged, told, cast(told, options.students), limits, options.jobs)
    print(table([v.outcome for v in verdicts]), "", report(verdicts), sep="\n")
    return 1 if any(v.faults for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
