"""Grade one submission, from the file to the gradebook."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from time import monotonic

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)
from traitlets.config import Config

from vicourse.course import Course
from vicourse.grade.clean import Clean
from vicourse.grade.gradebook import convert, marks, record_zero, settings
from vicourse.grade.limits import Limits
from vicourse.grade.locate import handed_in
from vicourse.grade.outcome import Outcome
from vicourse.grade.reading import Unreadable, parse, read_regular
from vicourse.grade.released import Released, read_released
from vicourse.grade.runner import Run
from vicourse.grade.score import SaveScores

__all__ = ["AUTOGRADE", "SANITIZE", "grade_one"]

# nbgrader's own two lists, with our steps in place of those that can be misled
SANITIZE: list[type[Preprocessor]] = [Clean, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
AUTOGRADE: list[type[Preprocessor]] = [
    Run,
    LimitOutput,
    SaveScores,
    AssignLatePenalties,
    CheckCellMetadata,
]


def grade_one(course: Course, unit: str, student: str, limits: Limits) -> Outcome:
    """Grade one student's submission and write the marks to the gradebook.

    Nothing that the submission holds makes this raise: what cannot be graded gets no marks, and a
    reason.

    Args:
        course: The course folder; `unit` has been released there.
        unit: Name of the unit.
        student: Name of the folder in `submitted/`.
        limits: What the notebook may use.
    """
    start = monotonic()
    released = read_released(course.student(unit))
    try:
        data = handed_in(course, unit, student, released)
        if released.shares(parse(data, f"{unit}.ipynb")) == 0:
            raise Unreadable(
                f"{unit}.ipynb holds none of our exercise cells: is it another notebook?"
            )
    except Unreadable as fault:
        return ungraded(course, unit, student, released, str(fault))
    try:
        with tempfile.TemporaryDirectory(prefix="vistage") as stage:
            stage_submission(course, unit, student, data, Path(stage))
            convert(Autograde, grading_settings(course, limits, Path(stage)), unit, student)
    except RuntimeError as error:
        return ungraded(course, unit, student, released, f"grading failed: {error}")
    return graded(course, unit, student, released, monotonic() - start)


def ungraded(course: Course, unit: str, student: str, released: Released, reason: str) -> Outcome:
    """A submission without marks; what an earlier run left behind is removed."""
    shutil.rmtree(autograded(course, unit, student).parent, ignore_errors=True)
    if (course.root / "submitted" / student / unit).is_dir():
        record_zero(course, unit, student)
    return Outcome(student, 0.0, released.points, reasons=[reason], ungraded=True)


def stage_submission(course: Course, unit: str, student: str, data: bytes, stage: Path) -> None:
    """Put the notebook alone in a folder of ours: nbgrader copies all it finds, links too."""
    folder = stage / student / unit
    folder.mkdir(parents=True)
    (folder / f"{unit}.ipynb").write_bytes(data)
    try:  # nbgrader reads from it when the work was handed in
        stamp = read_regular(course.root / "submitted" / student / unit / "timestamp.txt", 100)
        (folder / "timestamp.txt").write_bytes(stamp)
    except Unreadable:
        pass


def grading_settings(course: Course, limits: Limits, stage: Path) -> Config:
    """The course's settings, with our steps and limits."""
    config = settings(course.root)
    config.CourseDirectory.submitted_directory = str(stage)
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = AUTOGRADE
    config.Run.update(asdict(limits))
    return config


def autograded(course: Course, unit: str, student: str) -> Path:
    """The executed notebook that nbgrader keeps for formgrader."""
    return course.root / "autograded" / student / unit / f"{unit}.ipynb"


def graded(course: Course, unit: str, student: str, released: Released, seconds: float) -> Outcome:
    """Read back what was found and given."""
    found = nbformat.read(autograded(course, unit, student), as_version=4).metadata.vicourse
    given = marks(course, unit, student)
    written = {e.name for e in released.exercises if e.written}
    return Outcome(
        student,
        score=sum(mark.score for mark in given),
        most=sum(mark.most for mark in given),
        pending=sum(mark.waits for mark in given if mark.name in written),
        reasons=[f"{name}: {'; '.join(why)}" for name, why in found.withheld.items()],
        notes=list(found.notes),
        running=found.seconds,
        cpu=found.cpu,
        seconds=round(seconds, 3),
    )
