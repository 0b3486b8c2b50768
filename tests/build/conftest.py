"""A tiny course in a folder of its own."""

import shutil
from pathlib import Path

import pytest

from vicourse.build.make import build
from vicourse.course import Course, here

TINY = Path(__file__).parent / "fixtures"


def copy_course(target: Path) -> Course:
    shutil.copytree(TINY, target)
    shutil.copy(here().root / "nbgrader_config.py", target)
    return Course(target)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = copy_course(tmp_path_factory.mktemp("tiny") / "course")
    build(course, "01_tiny")
    return course


@pytest.fixture
def course(built_once: Course, tmp_path: Path) -> Course:
    """The tiny course, built; the test may spoil it."""
    shutil.copytree(built_once.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def unbuilt(tmp_path: Path) -> Course:
    """The tiny course as an author left it."""
    return copy_course(tmp_path / "course")
