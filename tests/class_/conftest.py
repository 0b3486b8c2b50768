"""A tiny course without torch, so that a class is graded in seconds."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from vicourse.build.sources import read_lesson
from vicourse.build.student import student_text
from vicourse.course import Course, here
from vicourse.grade.released import Released, read_released
from vicourse.rehearse.desk import Desk, desk
from vicourse.rehearse.play import stage
from vicourse.release import release

FIXTURES = Path(__file__).parent / "fixtures"
UNIT = "00_tiny"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny unit, built but for its outputs, which no step of a class needs."""
    course = Course(tmp_path_factory.mktemp("tiny"))
    shutil.copytree(FIXTURES / "lessons", course.root / "lessons")
    shutil.copy(here().root / "nbgrader_config.py", course.root)
    lesson = read_lesson(course.lesson(UNIT))
    for path in (course.solution(UNIT), course.student(UNIT)):
        path.parent.mkdir(parents=True)
    course.solution(UNIT).write_text(nbformat.writes(lesson) + "\n", encoding="utf-8")
    course.student(UNIT).write_text(student_text(lesson, UNIT, course.root), encoding="utf-8")
    return course


@pytest.fixture(scope="session")
def tiny_desk(tiny: Course) -> Desk:
    return desk(tiny, UNIT, FIXTURES / "answers")


@pytest.fixture
def released(tiny: Course) -> Released:
    """What was handed out: 2 + 3 points by tests, 2 by a human."""
    return read_released(tiny.student(UNIT))


@pytest.fixture(scope="session")
def opened(tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which the tiny unit is released; tests use students of their own."""
    course = stage(tiny, UNIT, tmp_path_factory.mktemp("opened") / "course")
    release(course, UNIT)
    return course
