"""CPU seconds of each lesson's solution, from the first import to the last cell, one thread.

    python -m bench.lessons [UNIT ...]

A lesson may take 120 s at class scale, all core units together 12 minutes.
"""

from __future__ import annotations

import argparse
import time

import jupytext
from nbformat.v4 import new_code_cell

from vicourse.answers.exercise import units
from vicourse.build.execute import run
from vicourse.course import here

__all__ = ["cpu_seconds"]

EACH, ALL, CORE = 120, 12 * 60, 7
CLOCK = "import time as _time\nprint(_time.process_time())"


def cpu_seconds(unit: str) -> float:
    """CPU time of the kernel that runs the whole solution."""
    notebook = jupytext.read(here().root / "lessons" / f"{unit}.py")
    notebook.cells.append(new_code_cell(CLOCK))
    return float(run(notebook).cells[-1].outputs[0].text)


def main() -> None:
    """Run the lessons one after the other and print their times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", default=[])
    arguments = parser.parse_args()
    core = 0.0
    for unit in arguments.units or units():
        started = time.perf_counter()
        seconds = cpu_seconds(unit)
        core += seconds if int(unit[:2]) <= CORE else 0
        verdict = "reached" if seconds <= EACH else "missed"
        passed = time.perf_counter() - started
        print(f"{unit:24}{seconds:8.1f} CPU s{passed:8.1f} s passed   target {EACH}: {verdict}")
    verdict = "reached" if core <= ALL else "missed"
    print(f"{'core units':24}{core:8.1f} CPU s{'':18} target {ALL}: {verdict}")


if __name__ == "__main__":
    main()
