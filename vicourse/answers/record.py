"""The page that keeps what `--record` saw: the kill matrix of a unit and its reseeded runs."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path

from vicourse.answers.exercise import ROOT
from vicourse.answers.trial import Trial

__all__ = ["page", "proof"]


def proof(unit: str) -> Path:
    """Where the page of a unit lies."""
    return ROOT / "docs" / f"proof-{unit}.md"


def page(unit: str, matrix: list[Trial], runs: list[Trial]) -> str:
    """The page in Markdown.

    Args:
        unit: Name of the unit.
        matrix: Every answer, tried once.
        runs: Every right answer, tried under many seeds.

    Example:
        >>> text = page("00_unit", [Trial("f", "wrong", "off by one", "named", True)], [])
        >>> print(text.splitlines()[0])
        # Proof of 00_unit
    """
    wrong = [trial for trial in matrix if trial.kind == "wrong"]
    right = [trial for trial in matrix if trial.kind == "right"]
    refused = sum(not trial.good for trial in runs)
    named = sum(trial.good for trial in wrong)
    passed = sum(trial.good for trial in right)
    lines = [
        f"# Proof of {unit}",
        "",
        f"`make proof UNIT={unit}` wrote this page. It tried every answer in "
        f"`tests/answers/{unit}/`.",
        "",
        f"- {named} of {len(wrong)} wrong answers fail the visible test, named by its message.",
        f"- {passed} of {len(right)} right answers pass all tests.",
        f"- {refused} of {len(runs)} right answers, the lesson's own included, were refused in "
        "reseeded runs.",
    ]
    for exercise, trials in groupby(matrix, attrgetter("exercise")):
        lines += ["", f"## {exercise}", "", "| answer | what it does | verdict |", "|---|---|---|"]
        lines += [row(trial) for trial in trials if trial.kind == "wrong"]
        lines += [row(trial) for trial in runs if trial.exercise == exercise]
    return "\n".join(lines) + "\n"


def row(trial: Trial) -> str:
    """One line of a table."""
    phrase = trial.phrase.replace("|", "\\|")
    return f"| {trial.kind} | {phrase} | {trial.said} |"
