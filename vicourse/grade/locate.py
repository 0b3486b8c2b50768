"""Find a student's notebook among what was handed in."""

from __future__ import annotations

import os
import re
from pathlib import Path

from vicourse.course import Course
from vicourse.grade.reading import Unreadable, parse, read_regular
from vicourse.grade.released import Released

__all__ = ["REMARKS", "handed_in", "regular_files"]

REMARKS = "collect.txt"  # what `vicourse.collect` could not take over, one sentence a line
UNFIT = re.compile(r"[\[\]*?{}]")  # nbgrader looks for folders with glob


def handed_in(course: Course, unit: str, student: str, released: Released) -> bytes:
    """The bytes of `submitted/<student>/<unit>/<unit>.ipynb`.

    Raises:
        Unreadable: There is no such regular file; the message says what is there instead.
    """
    if UNFIT.search(student):
        raise Unreadable(f"the folder name {student!r} has characters that nbgrader cannot use")
    folder = course.root / "submitted" / student / unit
    for part in (folder.parent, folder):
        if part.is_symlink():
            raise Unreadable(f"the folder {part.name} is a symbolic link, which is never followed")
    if not folder.is_dir():
        raise Unreadable(f"nothing was handed in for {unit}")
    path = folder / f"{unit}.ipynb"
    if not os.path.lexists(path):
        said = instead(folder, released)
        known = any(line.startswith(path.name) for line in said)  # `collect` refused that very file
        raise Unreadable("; ".join(said if known else [f"{path.name} is missing", *said]))
    return read_regular(path)


def instead(folder: Path, released: Released) -> list[str]:
    """What lies in a submission that lacks the notebook."""
    said = []
    if (folder / REMARKS).is_file():
        said = read_regular(folder / REMARKS).decode(errors="replace").splitlines()
    ours = len(released.graded)
    fits = []
    for path in regular_files(folder):
        if path.suffix != ".ipynb":
            continue
        try:
            shared = released.shares(parse(read_regular(path), path.name))
        except Unreadable as fault:
            said.append(str(fault))
            continue
        said.append(f"found {path.name!r} with {shared} of our {ours} exercise cells")
        fits += [path] if 2 * shared > ours else []
    if len(fits) == 1:
        said.append(f"if that is the answer, rename it {folder.name}.ipynb and grade again")
    others = [p.name for p in regular_files(folder) if p.suffix != ".ipynb" and p.name != REMARKS]
    if others and not fits:
        said.append("found " + ", ".join(repr(name) for name in others[:3]))
    return said or ["the folder is empty"]


def regular_files(folder: Path) -> list[Path]:
    """Files below a folder, three levels deep at most; no links, no hidden files."""
    found: list[Path] = []
    pending = [(folder, 0)]
    while pending:
        where, depth = pending.pop()
        for entry in sorted(os.scandir(where), key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False) and depth < 3:
                pending.append((Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False):
                found.append(Path(entry.path))
    return sorted(found)
