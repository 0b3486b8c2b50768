"""The bridge to nbgrader: its settings for a course folder, its converters, its database."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from vicourse.course import Course

__all__ = [
    "Mark",
    "convert",
    "late_penalty",
    "marks",
    "open_gradebook",
    "record_zero",
    "settings",
    "students",
]


@dataclass(frozen=True)
class Mark:
    """What one student has for one test or written answer.

    Attributes:
        name: `grade_id` of the cell.
        score: Marks so far.
        most: What it is worth.
        waits: Whether a human still has to give the marks.
    """

    name: str
    score: float
    most: float
    waits: bool


def settings(root: Path) -> Config:
    """The course's `nbgrader_config.py`, bound to a folder."""
    config = Config()
    path = root / "nbgrader_config.py"
    if path.is_file():
        config.merge(PyFileConfigLoader(path.name, str(root)).load_config())
    config.CourseDirectory.root = str(root)
    return config


def find_programs() -> None:
    """Put this interpreter's programs on the path: nbgrader calls `alembic` by its name."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + path


@contextmanager
def quiet() -> Iterator[None]:
    """nbgrader adds a submission in an order that SQLAlchemy 2.1 warns of; all is saved."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


@contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """The teacher's database, closed again at the end of the `with` statement."""
    find_programs()
    config = settings(course.root)
    directory = CourseDirectory(config=config)
    with quiet(), Gradebook(directory.db_url, directory.course_id) as gradebook:
        yield gradebook


class Said(logging.Handler):
    """Keeps what nbgrader logs, as it catches errors and says them only there."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.lines += record.getMessage().strip().splitlines()

    def cause(self) -> str:
        """The line that names the error: the last of a traceback that looks like one."""
        named = [
            line
            for line in self.lines
            if "Error" in line.split(":")[0] and not line.startswith(" ")
        ]
        return (named or self.lines or ["nbgrader gave no reason"])[-1]


def convert(kind: type[BaseConverter], config: Config, unit: str, student: str = "*") -> None:
    """Run one of nbgrader's converters, quietly.

    Args:
        kind: `GenerateAssignment`, `Autograde` or `GenerateFeedback`.
        config: As `settings` gives it.
        unit: Name of the unit.
        student: Whose submission; all by default.

    Raises:
        RuntimeError: nbgrader failed; the message is the error that it logged.
    """
    find_programs()
    directory = CourseDirectory(config=config, assignment_id=unit, student_id=student)
    said = Said()
    log = logging.getLogger(f"vicourse.{kind.__name__}.{id(said)}")
    log.propagate = False
    log.addHandler(said)
    try:
        with quiet():
            kind(coursedir=directory, config=config, force=True, log=log).start()
    except (Exception, SystemExit) as error:
        raise RuntimeError(
            said.cause() if said.lines else f"{type(error).__name__}: {error}"
        ) from error


def students(course: Course) -> list[str]:
    """Everyone with a folder in `submitted/`, and everyone in the gradebook."""
    submitted = course.root / "submitted"
    found = {p.name for p in submitted.glob("[!.]*") if p.is_symlink() or p.is_dir()}
    with open_gradebook(course) as gradebook:
        found |= {student.id for student in gradebook.students}
    return sorted(found)


def record_zero(course: Course, unit: str, student: str) -> None:
    """A submission that cannot be graded: no marks, in the gradebook too."""
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(unit, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = 0.0, False
        gradebook.db.commit()


def marks(course: Course, unit: str, student: str) -> list[Mark]:
    """A student's marks for a unit, one for each test or written answer; empty if ungraded."""
    with open_gradebook(course) as gradebook:
        try:
            submission = gradebook.find_submission(unit, student)
        except MissingEntry:
            return []
        return [
            Mark(
                grade.name,
                float(grade.score or 0.0),
                float(grade.cell.max_score),
                grade.needs_manual_grade,
            )
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]


def late_penalty(course: Course, unit: str, student: str) -> float:
    """What nbgrader's late penalty takes off; 0 unless the course's settings name a rule for it."""
    with open_gradebook(course) as gradebook:
        try:
            return float(gradebook.find_submission(unit, student).late_submission_penalty or 0.0)
        except MissingEntry:
            return 0.0
