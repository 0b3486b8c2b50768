"""`python -m vicourse.build [UNIT …]`: build what changed; `--check` compares only."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vicourse.build.cells import Fault
from vicourse.build.check import check_unit, strays
from vicourse.build.make import build
from vicourse.course import Course, here

__all__ = ["main"]


def check_all(course: Course, units: list[str]) -> int:
    """Print every fault; return how many there are."""
    faults = [fault for unit in units for fault in check_unit(course, unit)] + strays(course)
    for fault in faults:
        print(f"✗ {fault}")
    if faults:
        print("Edit lessons/ only, then `make lessons`; never edit solutions/ or notebooks/.")
    else:
        print(f"✓ built files agree with their lessons: {', '.join(units)}")
    return len(faults)


def build_all(course: Course, units: list[str], *, force: bool) -> int:
    """Build every unit, going on after a fault; return how many there are."""
    faults = 0
    for unit in units:
        try:
            print(build(course, unit, force=force), flush=True)
        except Fault as fault:
            faults += 1
            print(f"✗ lessons/{unit}.py: {fault}", flush=True)
    return faults


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, build or check, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.build", description=__doc__)
    parser.add_argument("units", nargs="*", metavar="UNIT", help="all lessons by default")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--force", action="store_true", help="run unchanged lessons too")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    units = options.units or course.units()
    if not units:
        parser.error(f"no lessons in {options.root.name}/lessons")
    if options.check:
        return bool(check_all(course, units))
    return bool(build_all(course, units, force=options.force))


if __name__ == "__main__":
    sys.exit(main())
