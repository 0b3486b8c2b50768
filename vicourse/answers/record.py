"""The page that keeps what `--record` saw: the kill matrix of a unit and its reseeded runs."""

from __future__ import annotations

import re
import subprocess
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from vicourse.answers.exercise import ROOT
from vicourse.answers.trial import Trial

__all__ = ["commit", "kept_runs", "page", "proof"]

RUN = re.compile(r"^\| right \| (.*) \| ([^|]*) \|$")
MADE_AT = re.compile(r"made at commit `(\w+)`")


def proof(unit: str) -> Path:
    """Where the page of a unit lies."""
    return ROOT / "docs" / f"proof-{unit}.md"


def commit() -> str:
    """The commit that the working tree stands on."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def kept_runs(unit: str) -> tuple[list[Trial], str]:
    """The reseeded runs that the page of a unit holds, and the commit at which they were made.

    They take most of an hour; the kill matrix takes seconds and can be renewed without them.

    Raises:
        FileNotFoundError: The unit has no page yet.
    """
    return read_runs(proof(unit).read_text(encoding="utf-8"))


def read_runs(text: str) -> tuple[list[Trial], str]:
    """The runs on a page and their commit; a refusal is kept as one.

    Example:
        >>> refused = Trial("f", "right", "a|b", "REFUSED in run 3", False)
        >>> matrix = [Trial("f", "wrong", "off by one", "named", True)]
        >>> read_runs(page("00_unit", matrix, [refused], "1a2b3c")) == ([refused], "1a2b3c")
        True
    """
    made_at = MADE_AT.search(text)
    runs, exercise = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            exercise = line.removeprefix("## ")
        elif found := RUN.match(line):
            phrase = found[1].replace("\\|", "|")
            runs.append(Trial(exercise, "right", phrase, found[2], "REFUSED" not in found[2]))
    return runs, made_at[1] if made_at else ""


def page(unit: str, matrix: list[Trial], runs: list[Trial], made_at: str) -> str:
    """The page in Markdown.

    Args:
        unit: Name of the unit.
        matrix: Every answer, tried once.
        runs: Every right answer, tried under many seeds.
        made_at: The commit at which those runs were made.

    Example:
        >>> text = page("00_unit", [Trial("f", "wrong", "off by one", "named", True)], [], "1a2b3c")
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
        f"reseeded runs, made at commit `{made_at}`.",
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
