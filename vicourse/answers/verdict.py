"""Run a lesson's own test cell on an answer and say what came of it."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from functools import partial
from typing import Any

from vicourse.answers.exercise import Answer, Exercise
from vilib import checks


@dataclass(frozen=True)
class Verdict:
    """What a test cell said of an answer.

    Attributes:
        passed: The cell ran to its end.
        named: The answer was refused with a `Mistake` whose message contains the answer's phrase.
        message: The message of the failure, empty if it passed.
        stderr: What was written to standard error, which must be nothing.
    """

    passed: bool
    named: bool
    message: str
    stderr: str


class Reseeded:
    """`vilib.checks`, with every seed moved by a fixed offset."""

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def __getattr__(self, name: str) -> Any:
        check = getattr(checks, name)

        def reseeded(*functions: Any, seed: int, **settings: Any) -> Any:
            return check(*functions, seed=seed + self.offset, **settings)

        return reseeded


def namespace(source: str) -> dict[str, Any]:
    """What an answer's code defines."""
    names: dict[str, Any] = {"__name__": "answer"}
    exec(compile(source, "answer", "exec"), names)
    return names


def judge(test: str, source: str, phrase: str = "", offset: int = 0) -> Verdict:
    """Run the source of a test cell on the names that an answer defines.

    Args:
        test: Source of the test cell; it may use `checks` and the answer's own names.
        source: The answer.
        phrase: What the message of a refusal must contain to count as named.
        offset: Added to every seed in the test cell.
    """
    names = namespace(source)
    names["checks"] = Reseeded(offset) if offset else checks
    out, err = io.StringIO(), io.StringIO()
    message, named = "", False
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            exec(compile(test, "test cell", "exec"), names)
        passed = True
    except Exception as failure:  # whatever an answer raises is a verdict, not an error of ours
        passed, message = False, f"{type(failure).__name__}: {failure}"
        named = isinstance(failure, checks.Mistake) and phrase in str(failure)
    return Verdict(passed, named, message, err.getvalue())


def verdict(exercise: Exercise, answer: Answer) -> Verdict:
    """A wrong answer meets the visible tests alone; a right one meets them all."""
    test = exercise.visible_test if answer.wrong else exercise.test
    return judge(test, answer.source, answer.phrase if answer.wrong else "")


def first_failure(exercise: Exercise, source: str, runs: int) -> tuple[int, Verdict] | None:
    """The first of `runs` reseeded runs in which a right answer is refused, or None."""
    attempt = partial(judge, exercise.test, source)
    for offset in range(runs):
        # 1009 is prime: the seeds that a cell uses side by side are never reused by the next run
        result = attempt(offset=1009 * offset)
        if not result.passed:
            return offset, result
    return None
