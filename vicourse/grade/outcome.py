"""What came of a submission, kept beside the autograded notebooks until the next run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from vicourse.course import Course

__all__ = ["Outcome", "load", "save", "table"]


@dataclass(frozen=True)
class Outcome:
    """What came of one submission.

    Attributes:
        student: Who.
        score: Marks so far.
        most: What the unit is worth.
        pending: How many written answers wait for a human.
        reasons: Why it needs attention; empty if it was graded in full.
        notes: Worth knowing, without effect on the marks.
        ungraded: Whether nothing could be graded, so that the reason concerns the whole submission.
        running: Seconds that the notebook ran, kernel start included.
        cpu: Processor seconds that its cells used.
        seconds: Seconds in all.
    """

    student: str
    score: float
    most: float
    pending: int = 0
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ungraded: bool = False
    running: float = 0.0
    cpu: float = 0.0
    seconds: float = 0.0

    @property
    def state(self) -> str:
        """One word for the summary."""
        return "NEEDS ATTENTION" if self.reasons else "graded"


def path_of(course: Course, unit: str) -> Path:
    """Where the outcomes of a unit are kept; git ignores the folder."""
    return course.root / "autograded" / f"{unit}.json"


def load(course: Course, unit: str) -> dict[str, Outcome]:
    """Outcomes of the last runs, by student; empty before the first."""
    path = path_of(course, unit)
    if not path.is_file():
        return {}
    return {
        name: Outcome(**kept) for name, kept in json.loads(path.read_text(encoding="utf-8")).items()
    }


def save(course: Course, unit: str, outcomes: list[Outcome]) -> None:
    """Keep outcomes, each in place of the student's last one."""
    kept = load(course, unit) | {outcome.student: outcome for outcome in outcomes}
    path = path_of(course, unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    text = json.dumps(
        {name: asdict(kept[name]) for name in sorted(kept)}, indent=1, ensure_ascii=False
    )
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def table(outcomes: list[Outcome]) -> str:
    """A summary for the teacher: one line a student, and what to do next."""
    rows = [("student", "marks", "waiting", "state", "reason")]
    for o in sorted(outcomes, key=lambda o: o.student):
        why = "; ".join(o.reasons + [f"({note})" for note in o.notes])
        rows.append((o.student, f"{o.score:g} / {o.most:g}", str(o.pending or ""), o.state, why))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(c.ljust(w) for c, w in zip(row, widths)), row[4]]).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], "", *totals(outcomes)])


def totals(outcomes: list[Outcome]) -> list[str]:
    """Counts, and the time that one submission took."""
    flagged = sum(bool(o.reasons) for o in outcomes)
    pending = sum(o.pending for o in outcomes)
    ran = [o for o in outcomes if o.running]
    lines = [
        f"{len(outcomes)} students: {len(outcomes) - flagged} graded, {flagged} need attention."
    ]
    if pending:
        lines.append(f"{pending} written answers wait for a human (formgrader, in JupyterLab).")
    if ran:
        whole, cpu = (median(getattr(o, name) for o in ran) for name in ("seconds", "cpu"))
        lines.append(
            f"Median {whole:.1f} s a submission; its cells use {cpu:.1f} processor seconds."
        )
    return lines
