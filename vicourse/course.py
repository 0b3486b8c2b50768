"""Where the files of the course lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Course", "here"]


@dataclass(frozen=True)
class Course:
    """A course folder: `lessons/`, and what is built from it.

    Args:
        root: The folder that holds `lessons/`, `solutions/` and `notebooks/`.

    Example:
        >>> Course(Path("course")).student("01_vi_basics").as_posix()
        'course/notebooks/01_vi_basics/01_vi_basics.ipynb'
    """

    root: Path

    def units(self) -> list[str]:
        """Names of all lessons, in order."""
        return sorted(path.stem for path in (self.root / "lessons").glob("*.py"))

    def lesson(self, unit: str) -> Path:
        """The text that is edited."""
        return self.root / "lessons" / f"{unit}.py"

    def solution(self, unit: str) -> Path:
        """The executed notebook with answers and hidden tests."""
        return self.root / "solutions" / unit / f"{unit}.ipynb"

    def student(self, unit: str) -> Path:
        """The notebook that learners open."""
        return self.root / "notebooks" / unit / f"{unit}.ipynb"


def here() -> Course:
    """The course that this file belongs to."""
    return Course(Path(__file__).resolve().parents[1])
