"""Try every answer of a unit: each wrong one once, each right one once or under many seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vicourse.answers.exercise import Answer, Exercise, answers, exercises
from vicourse.answers.verdict import first_failure, verdict

__all__ = ["Trial", "kills", "reseeded"]


@dataclass(frozen=True)
class Trial:
    """What came of one answer.

    Attributes:
        exercise: Name of the exercise.
        kind: "wrong" or "right".
        phrase: The mistake, or the variant.
        said: What came of it, in a word.
        good: Whether that is what should come of it.
        message: What the learner would read, where it is not.
    """

    exercise: str
    kind: str
    phrase: str
    said: str
    good: bool
    message: str = ""


def kills(unit: str) -> Iterator[Trial]:
    """Every answer of a unit against its exercise's tests, wrong ones first."""
    for exercise in exercises(unit):
        for answer in answers(unit, exercise.name):
            yield tried(exercise, answer)


def tried(exercise: Exercise, answer: Answer) -> Trial:
    """One answer: a wrong one must be named, a right one must pass, both without standard error."""
    result = verdict(exercise, answer)
    if answer.wrong:
        kind, good = "wrong", result.named
        said = "named" if good else "SURVIVED" if result.passed else "NOT NAMED"
    else:
        kind, good = "right", result.passed
        said = "passed" if good else "REFUSED"
    message = "" if good and not result.stderr else result.message or result.stderr
    return Trial(exercise.name, kind, answer.phrase, said, not message and good, message)


def reseeded(unit: str, runs: int) -> Iterator[Trial]:
    """Every right answer of a unit, the lesson's own too, under `runs` seeds."""
    for exercise in exercises(unit):
        sources = {"the lesson's solution": exercise.solution}
        right = [answer for answer in answers(unit, exercise.name) if not answer.wrong]
        sources |= {answer.phrase: answer.source for answer in right}
        for phrase, source in sources.items():
            failure = first_failure(exercise, source, runs)
            if failure is None:
                yield Trial(exercise.name, "right", phrase, f"{runs:,} of {runs:,} passed", True)
            else:
                run, result = failure
                said = f"REFUSED in run {run}"
                yield Trial(exercise.name, "right", phrase, said, False, result.message)
