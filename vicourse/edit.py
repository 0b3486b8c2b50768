"""`python -m vicourse.edit UNIT`: edit a lesson in JupyterLab, where nbgrader's toolbar works.

The notebook lies in a scratch folder that git ignores. Each save in JupyterLab is written back to
`lessons/<unit>.py`, which stays the only source.
"""

from __future__ import annotations

import argparse
import copy
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from vicourse.build.cells import Fault
from vicourse.build.sources import KEPT, read_lesson, read_notebook, write_if_changed
from vicourse.course import Course, here

__all__ = ["Pair", "edit", "lesson_text", "main"]

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

"""


def lesson_text(notebook: NotebookNode) -> str:
    """A notebook as a lesson's text: no outputs, no ids; of the metadata nbgrader's and tags."""
    plain = copy.deepcopy(notebook)
    plain.metadata = nbformat.from_dict(
        {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": ",".join(KEPT)}}
    )
    for cell in plain.cells:
        if marks := cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader = nbformat.from_dict(dict(sorted(marks.items())))
    return HEADER + jupytext.writes(plain, fmt="py:percent")


class Pair:
    """A lesson and its scratch notebook, kept in step from the notebook's side.

    Args:
        lesson: The text.
        scratch: Where the notebook is written.

    Raises:
        Fault: The lesson cannot be read.
    """

    def __init__(self, lesson: Path, scratch: Path) -> None:
        self.lesson, self.scratch = lesson, scratch
        notebook = read_lesson(lesson)
        self.known = lesson.read_bytes()
        write_if_changed(scratch, nbformat.writes(notebook) + "\n")
        self.saved = scratch.read_bytes()

    def save_back(self) -> bool:
        """Write the lesson if the notebook was saved since; return whether it was written.

        Raises:
            Fault: The lesson was changed elsewhere meanwhile; both files are left as they are.
        """
        if not self.scratch.is_file() or self.scratch.read_bytes() == self.saved:
            return False
        notebook = read_notebook(self.scratch)
        if notebook is None:  # caught in the middle of being written: next time
            return False
        if self.lesson.read_bytes() != self.known:
            raise Fault(
                f"{self.lesson.name} was changed by another program while you edited; "
                f"nothing is overwritten, your notebook is {self.scratch.name} in .edit/"
            )
        self.saved = self.scratch.read_bytes()
        written = write_if_changed(self.lesson, lesson_text(notebook))
        self.known = self.lesson.read_bytes()
        return written


def edit(pair: Pair, command: list[str], pause: float = 1.0) -> None:
    """Run an editor on the scratch notebook, write every save back, and clean up when it ends.

    Args:
        pair: The two files.
        command: The editor's command line; it runs in the scratch folder.
        pause: Seconds between two looks at the notebook.

    Raises:
        Fault: See `Pair.save_back`; the scratch notebook is kept.
    """
    process = subprocess.Popen(command, cwd=pair.scratch.parent)
    try:
        while process.poll() is None:
            if pair.save_back():
                print(f"saved {pair.lesson.name}", flush=True)
            time.sleep(pause)
    except KeyboardInterrupt:
        print("closing JupyterLab")
    finally:
        process.terminate()
        process.wait()
    pair.save_back()
    shutil.rmtree(pair.scratch.parent)
    # another lesson may be open in the folder above
    with suppress(OSError):
        pair.scratch.parent.parent.rmdir()


def main(arguments: list[str] | None = None) -> int:
    """Open JupyterLab on the lesson."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.edit", description=__doc__)
    parser.add_argument("unit", metavar="UNIT")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options, rest = parser.parse_known_args(arguments)
    course = Course(options.root.resolve())
    scratch = course.root / ".edit" / options.unit / f"{options.unit}.ipynb"
    try:
        pair = Pair(course.lesson(options.unit), scratch)
        print(f"Each save is written to lessons/{options.unit}.py. Close with Ctrl-C.", flush=True)
        edit(pair, [sys.executable, "-m", "jupyterlab", scratch.name, *rest])
    except Fault as fault:
        print(f"✗ {fault}")
        return 1
    print(f"Next: make lessons UNIT={options.unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
