"""`python -m vicourse.release UNIT`: nbgrader's student notebook, and the gradebook for it."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from vicourse.course import Course, here
from vicourse.grade.gradebook import convert, settings

__all__ = ["main", "release"]


def release(course: Course, unit: str) -> Path:
    """Write a unit's cells, hidden tests too, into `gradebook.db`; return what is to be handed out.

    nbgrader makes the student notebook from `solutions/` at the same time. It must be the one
    that lies in `notebooks/`, byte for byte: what is handed out is what was reviewed.

    Args:
        course: The course folder.
        unit: Name of the unit.

    Raises:
        FileNotFoundError: The unit was not built.
        ValueError: `notebooks/` differs from what nbgrader makes of `solutions/`.
        RuntimeError: nbgrader refused; for instance, cells were added after submissions had been
        graded.
    """
    if not course.solution(unit).is_file():
        raise FileNotFoundError(f"solutions/{unit} is not built: run `make lessons`")
    gradebook = course.root / "gradebook.db"
    with tempfile.TemporaryDirectory(prefix="virelease") as folder:
        config = settings(course.root)
        config.CourseDirectory.release_directory = folder
        # tried on a copy first: a release that is refused must leave no trace in the gradebook
        trial = Path(folder) / "trial.db"
        if gradebook.is_file():
            shutil.copy(gradebook, trial)
        config.CourseDirectory.db_url = f"sqlite:///{trial}"
        convert(GenerateAssignment, config, unit, ".")
        made = (Path(folder) / unit / f"{unit}.ipynb").read_bytes()
        if not course.student(unit).is_file() or course.student(unit).read_bytes() != made:
            raise ValueError(
                f"notebooks/{unit} is not what solutions/{unit} gives: run `make lessons`"
            )
        if gradebook.is_file():  # written to where it is: formgrader may have it open
            del config.CourseDirectory.db_url
            convert(GenerateAssignment, config, unit, ".")
        else:
            shutil.move(trial, gradebook)
    return course.student(unit)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and release; the exit status is 2 if the unit cannot be released."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.release", description=__doc__)
    parser.add_argument("unit", metavar="UNIT")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    try:
        path = release(course, options.unit)
    except (FileNotFoundError, ValueError, RuntimeError) as error:
        parser.exit(2, f"✗ {options.unit}: {error}\n")
    print(f"✓ {options.unit} is in gradebook.db (keep it to yourself: it holds the hidden tests)")
    print(f"  hand out {path.relative_to(course.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
