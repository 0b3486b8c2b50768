"""`python -m vicourse.answers [UNIT …]`: the kill matrix, and right answers reseeded."""

from __future__ import annotations

import argparse
import sys

from vicourse.answers.exercise import Exercise, answers, exercises, units
from vicourse.answers.verdict import first_failure, verdict


def kill_matrix(unit: str, exercise: Exercise) -> tuple[list[str], int]:
    """One line per answer, and how many did not end as they should."""
    lines, faults = [], 0
    for answer in answers(unit, exercise.name):
        result = verdict(exercise, answer)
        if answer.wrong:
            good = result.named and not result.stderr
            word = "named" if result.named else "SURVIVED" if result.passed else "killed, NOT NAMED"
        else:
            good = result.passed and not result.stderr
            word = "passed" if result.passed else "REFUSED"
        faults += not good
        detail = (
            "" if good else f"\n      {result.message or result.stderr}".replace("\n", "\n      ")
        )
        kind = "wrong" if answer.wrong else "right"
        lines.append(f"  {kind}  {word:<8} {answer.phrase}{detail}")
    return lines, faults


def report_kills(names: list[str]) -> int:
    """Print the kill matrix of each unit; return the number of faults."""
    faults = 0
    for unit in names:
        wrong = right = 0
        print(f"{unit}")
        for exercise in exercises(unit):
            lines, bad = kill_matrix(unit, exercise)
            print(f" {exercise.name} ({exercise.points:g} points)", *lines, sep="\n")
            faults += bad
            wrong += sum(line.startswith("  wrong") for line in lines)
            right += sum(line.startswith("  right") for line in lines)
        print(f"{unit}: {wrong} wrong answers, {right} right answers\n")
    print(f"answers that did not end as they should: {faults}")
    return faults


def report_reseeded(names: list[str], runs: int) -> int:
    """Run each right answer, the lesson's own too, `runs` times; return how many were refused."""
    faults = 0
    for unit in names:
        for exercise in exercises(unit):
            sources = {"the lesson's solution": exercise.solution}
            right = [a for a in answers(unit, exercise.name) if not a.wrong]
            sources |= {answer.phrase: answer.source for answer in right}
            for name, source in sources.items():
                failure = first_failure(exercise, source, runs)
                said = (
                    "passed"
                    if failure is None
                    else f"REFUSED in run {failure[0]}: {failure[1].message}"
                )
                faults += failure is not None
                print(f"{unit}  {exercise.name}  {name}: {runs} runs, {said}", flush=True)
    print(f"right answers refused at least once in {runs} runs: {faults}")
    return faults


def main() -> int:
    """Parse the command line and report; the exit status is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="vicourse.answers", description=__doc__)
    parser.add_argument("unit", nargs="*", help="units, all by default")
    parser.add_argument("--reseed", type=int, metavar="N", help="run every right answer N times")
    options = parser.parse_args()
    names = options.unit or units()
    bad = report_reseeded(names, options.reseed) if options.reseed else report_kills(names)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
