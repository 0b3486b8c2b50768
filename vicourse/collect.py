"""`python -m vicourse.collect UNIT --from DIR`: take over a folder of submissions.

Layouts that are understood, mixed as they come:

    [submitted/]<student>/<unit>/<anything>      nbgrader's own
    <student>/<anything>.ipynb                   one folder a student
    <student>_<anything>.ipynb                   one flat folder, as LMSs download it
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vicourse.course import Course, here
from vicourse.grade.locate import REMARKS, regular_files
from vicourse.grade.reading import Unreadable, parse, read_regular
from vicourse.grade.released import Released, read_released

__all__ = ["Found", "collect", "main"]

UNFIT = re.compile(r"[^\w.@ +-]")


@dataclass(frozen=True)
class Found:
    """One file that was handed in, or could not be taken over.

    Attributes:
        student: Whose.
        path: Where it lies.
        renamed: Whether an LMS or a student chose the name, so that the name says little.
    """

    student: str
    path: Path
    renamed: bool


def collect(course: Course, unit: str, source: Path) -> dict[str, list[str]]:
    """Copy the notebooks of one unit to `submitted/<student>/<unit>/`.

    A notebook named after the unit, or in an LMS's layout one with our exercise cells, becomes
    `<unit>.ipynb`. In nbgrader's layout names are kept, so that grading can say what it found.
    Links are never followed, nothing but regular files is read, nothing larger than 20 MiB.

    Args:
        course: The course folder.
        unit: Name of the unit.
        source: The folder of submissions.

    Returns:
        What happened, student by student; a sentence that starts with ✗ needs attention.
    """
    released = read_released(course.student(unit))
    by_student: dict[str, list[Found]] = defaultdict(list)
    for found in find(source, unit):
        by_student[found.student].append(found)
    names = sorted(by_student)
    return {name: take(course, unit, name, by_student[name], released) for name in names}


def find(source: Path, unit: str) -> Iterator[Found]:
    """Everything that may belong to a unit."""
    inner = source / "submitted"
    source = inner if inner.is_dir() and not inner.is_symlink() else source
    for path in sorted(source.iterdir()):
        if path.name.startswith("."):
            continue
        if path.suffix == ".ipynb" and not path.is_dir():
            yield Found(tidy(path.stem.split("_")[0]), path, renamed=True)
        elif path.is_symlink():
            yield Found(tidy(path.name), path, renamed=True)
        elif path.is_dir():
            yield from find_in(path, unit)


def find_in(folder: Path, unit: str) -> Iterator[Found]:
    """What one student's folder holds for a unit; a link is passed on, to be refused later."""
    own = folder / unit
    if own.is_symlink() or own.is_dir():
        for path in [own] if own.is_symlink() else sorted(own.iterdir()):
            if not path.name.startswith("."):
                yield Found(tidy(folder.name), path, renamed=False)
        return
    for path in sorted(folder.iterdir()):
        if path.suffix == ".ipynb" and not path.name.startswith("."):
            yield Found(tidy(folder.name), path, renamed=True)


def tidy(name: str) -> str:
    """A student's name without what a folder name cannot have."""
    return UNFIT.sub("_", name).strip() or "_"


def take(
    course: Course, unit: str, student: str, found: list[Found], released: Released
) -> list[str]:
    """Copy one student's files and leave a note about those that were refused."""
    folder = course.root / "submitted" / student / unit
    said, files = [], {}
    for item in found:
        for path in contents(item.path):
            try:
                data = read_regular(path)
            except Unreadable as fault:
                said.append(f"✗ {fault}")
                continue
            files[path] = (name_for(path, data, item, unit, released), data)
    files, doubts = settle(files, unit)
    said += doubts
    if folder.is_symlink() or folder.parent.is_symlink():
        return [f"✗ submitted/{student} is a symbolic link: nothing was copied there"]
    write(folder, list(files.values()), said)
    return [f"✓ {path.name} → {name}" for path, (name, _) in files.items()] + said


def contents(path: Path) -> list[Path]:
    """A file, a link as it is, or the regular files and links of a folder."""
    if path.is_symlink() or not path.is_dir():
        return [path]
    links = [p for p in sorted(path.iterdir()) if p.is_symlink()]
    return [*regular_files(path), *links]


def name_for(path: Path, data: bytes, item: Found, unit: str, released: Released) -> str:
    """What to call a file: `<unit>.ipynb` if, as far as can be seen, it is the unit's notebook."""
    if path.suffix != ".ipynb" or not item.renamed:
        return path.name
    if unit in path.name:
        return f"{unit}.ipynb"
    try:
        ours = 2 * released.shares(parse(data, path.name)) > len(released.graded)
    except Unreadable:
        ours = False
    return f"{unit}.ipynb" if ours else path.name


def settle(
    files: dict[Path, tuple[str, bytes]], unit: str
) -> tuple[dict[Path, tuple[str, bytes]], list[str]]:
    """Where several files claim to be the notebook, the one with its very name is; else none."""
    claims = [path for path, (name, _) in files.items() if name == f"{unit}.ipynb"]
    exact = [path for path in claims if path.name == f"{unit}.ipynb"]
    if len(claims) <= 1:
        return files, []
    if len(exact) == 1:
        return {p: f for p, f in files.items() if p in exact or p not in claims}, []
    names = ", ".join(path.name for path in claims)
    kept = {p: (p.name, data) if p in claims else (name, data) for p, (name, data) in files.items()}
    return kept, [f"✗ several files may be the notebook: {names}"]


def write(folder: Path, files: list[tuple[str, bytes]], said: list[str]) -> None:
    """Write a student's files, and the remarks that grading will repeat."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files:
        half = folder / f".{name}.part"
        half.unlink(missing_ok=True)
        half.write_bytes(data)
        half.replace(folder / name)
    remarks = folder / REMARKS
    remarks.unlink(missing_ok=True)
    if said:
        remarks.write_text("\n".join(line.removeprefix("✗ ") for line in said), encoding="utf-8")


def units(course: Course) -> list[str]:
    """All units that can be handed in."""
    return sorted(path.parent.name for path in (course.root / "notebooks").glob("*/*.ipynb"))


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, collect, say what came; exit status 2 if there is no such folder."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.collect", description=__doc__)
    parser.add_argument("unit", nargs="?", metavar="UNIT", help="all units by default")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the same as --from")
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="DIR", help="what was handed in"
    )
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    source = options.source or options.folder
    if source is None:
        parser.error("say which folder: --from DIR")
    try:
        for unit in [options.unit] if options.unit else units(course):
            said = collect(course, unit, source)
            print(f"{unit}: {len(said)} students")
            for student, lines in said.items():
                print(*(f"  {student}: {line}" for line in lines), sep="\n")
    except (FileNotFoundError, NotADirectoryError) as error:
        parser.exit(2, f"✗ {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
