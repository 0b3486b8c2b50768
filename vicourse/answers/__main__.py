"""`python -m vicourse.answers [UNIT …]`: the kill matrix, and right answers reseeded."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from vicourse.answers.exercise import units
from vicourse.answers.record import commit, kept_runs, page, proof
from vicourse.answers.trial import Trial, kills, reseeded

__all__ = ["main"]


def show(trials: Iterable[Trial]) -> list[Trial]:
    """Print trials as they end, under the name of their exercise; return them."""
    shown: list[Trial] = []
    for trial in trials:
        if not shown or shown[-1].exercise != trial.exercise:
            print(f" {trial.exercise}")
        print(f"  {trial.kind}  {trial.said:<9} {trial.phrase}", flush=True)
        if trial.message:
            print("     ", trial.message.replace("\n", "\n      "))
        shown.append(trial)
    return shown


def count(unit: str, trials: list[Trial]) -> int:
    """Print a unit's totals; return how many answers did not end as they should."""
    wrong = sum(trial.kind == "wrong" for trial in trials)
    bad = sum(not trial.good for trial in trials)
    right = len(trials) - wrong
    print(f"{unit}: {wrong} wrong answers, {right} right ones, {bad} not as they should be\n")
    return bad


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and report; the exit status is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="vicourse.answers", description=__doc__)
    parser.add_argument("unit", nargs="*", help="units, all by default")
    parser.add_argument("--reseed", type=int, metavar="N", help="every right answer under N seeds")
    parser.add_argument(
        "--record", action="store_true", help="keep the matrix in docs/proof-UNIT.md"
    )
    options = parser.parse_args(arguments)
    bad = 0
    for unit in options.unit or units():
        print(unit)
        matrix = show(kills(unit)) if options.record or not options.reseed else []
        again = show(reseeded(unit, options.reseed)) if options.reseed else []
        bad += count(unit, matrix + again)
        if options.record:
            runs, made_at = (again, commit()) if again else kept_runs(unit)
            proof(unit).write_text(page(unit, matrix, runs, made_at), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
