"""Run the whole round with made-up students and compare what came out with what should have."""

from __future__ import annotations

import csv
import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from vicourse.collect import collect
from vicourse.course import Course
from vicourse.export import export
from vicourse.feedback import feedback
from vicourse.grade.__main__ import grade
from vicourse.grade.limits import Limits
from vicourse.grade.outcome import Outcome
from vicourse.rehearse.actors import Actor
from vicourse.rehearse.desk import Desk
from vicourse.release import release

__all__ = ["Verdict", "play", "stage"]


@dataclass(frozen=True)
class Verdict:
    """What one made-up student got.

    Attributes:
        actor: Who, and what was expected.
        row: The student's line in the exported CSV.
        outcome: What grading said.
        faults: In which ways that differs from what was expected.
    """

    actor: Actor
    row: dict[str, str]
    outcome: Outcome
    faults: tuple[str, ...]


def stage(course: Course, unit: str, folder: Path) -> Course:
    """A course folder of its own with one unit: the teacher's gradebook is never touched."""
    folder.mkdir(parents=True, exist_ok=True)
    for built in (course.solution(unit), course.student(unit)):
        copied = folder / built.relative_to(course.root)
        copied.parent.mkdir(parents=True)
        shutil.copy(built, copied)
    shutil.copy(course.root / "nbgrader_config.py", folder)
    return Course(folder)


def play(
    course: Course, desk: Desk, actors: list[Actor], limits: Limits, jobs: int
) -> list[Verdict]:
    """Release, hand in, collect, grade, write feedback, export, compare.

    Args:
        course: A folder that `stage` made.
        desk: The unit.
        actors: The students.
        limits: What one notebook may use.
        jobs: Submissions at a time.
    """
    release(course, desk.unit)
    handed_in = course.root / "handed_in"
    handed_in.mkdir()
    for actor in actors:
        actor.hand_in(handed_in)
    collect(course, desk.unit, handed_in)
    outcomes = {
        outcome.student: outcome for outcome in grade(course, desk.unit, None, limits, jobs)
    }
    pages = feedback(course, desk.unit)
    with export(course, desk.unit)[0].open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return [
        Verdict(
            actor,
            rows[actor.name],
            outcomes[actor.name],
            tuple(faults(desk, actor, rows[actor.name], pages[actor.name])),
        )
        for actor in actors
    ]


def faults(desk: Desk, actor: Actor, row: dict[str, str], page: Path | str) -> list[str]:
    """In which ways a result differs from what was expected."""
    found = []
    if float(row["score"]) != actor.score:
        found.append(f"{row['score']} marks, not {actor.score:g}")
    if float(row["max"]) != desk.released.points:
        found.append(f"of {row['max']}, not {desk.released.points:g}")
    if (row["needs_attention"] == "yes") != bool(actor.attention):
        found.append(f"needs attention: {row['needs_attention']}")
    if actor.attention not in row["reason"]:
        found.append(f"reason lacks {actor.attention!r}")
    if isinstance(page, str):
        return [*found, f"no feedback: {page}"]
    text = words(page)
    found += [f"feedback shows the hidden {line!r}" for line in desk.hidden if line in text]
    if actor.message not in text:
        found.append(f"feedback lacks {actor.message!r}")
    return found


def words(page: Path) -> str:
    """The text of a page, without markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8")))
