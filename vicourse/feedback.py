"""`python -m vicourse.feedback UNIT`: one HTML page a student, without the hidden tests."""

from __future__ import annotations

import argparse
import html
import re
import sys
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor, Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    GetGrades,
    NbGraderPreprocessor,
)
from nbgrader.utils import is_grade
from tqdm import tqdm

from vicourse.course import Course, here
from vicourse.grade.gradebook import convert, settings
from vicourse.grade.outcome import Outcome, load

__all__ = ["FEEDBACK", "Hide", "feedback", "main"]

ANSI = re.compile(r"\x1b\[[0-9;]*m")
FRAME = re.compile(r"^\s*(?:Cell In\[(\d+)\]|File )", re.MULTILINE)
BLANK = "[hidden]"
SHORTEST = 6  # a hidden line as short as `)` gives nothing away


class Hide(NbGraderPreprocessor):
    """Take hidden tests out of sources, tracebacks and whatever else was printed.

    The message of a failing check stays: it names the mistake. Of a traceback, frames in the
    student's own cells stay; frames in tests and libraries show our source and the grader's
    paths, and go.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Hide in place."""
        secret = hidden_lines(nb)
        tests = {c.execution_count for c in nb.cells if c.cell_type == "code" and is_grade(c)}
        for cell in nb.cells:
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = own_frames(output.traceback, output, tests)
                scrub(output, secret)
        for step in (ClearHiddenTests, ClearMarkScheme):
            nb, resources = step(parent=self).preprocess(nb, resources)
        if found := nb.metadata.get("vicourse"):
            nb.cells.insert(0, new_markdown_cell(summary(found.withheld, found.notes)))
        return nb, resources


FEEDBACK: list[type[Preprocessor]] = [GetGrades, Hide, CSSHTMLHeaderPreprocessor]


def hidden_lines(notebook: NotebookNode) -> list[str]:
    """Every line of a hidden test, longest first."""
    lines, inside = set(), False
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        for line in cell.source.splitlines():
            if "BEGIN HIDDEN TESTS" in line:
                inside = True
            elif "END HIDDEN TESTS" in line:
                inside = False
            elif inside and len(line.strip()) >= SHORTEST:
                lines.add(line.strip())
    return sorted(lines, key=len, reverse=True)


def own_frames(traceback: list[str], output: NotebookNode, tests: set[int | None]) -> list[str]:
    """A traceback in plain text, with frames of the student's own cells alone."""
    kept = []
    for part in (ANSI.sub("", part) for part in traceback):
        frame = FRAME.match(part)
        if frame is None or (frame[1] and int(frame[1]) not in tests):
            kept.append(part)
    message = f"{output.ename}: {output.evalue}"
    return kept if any(output.evalue in part for part in kept) else [*kept, message]


def scrub(output: NotebookNode, secret: list[str]) -> None:
    """Take hidden lines out of all that an output shows as text."""
    if output.output_type == "stream":
        output.text = without(output.text, secret)
    elif output.output_type == "error":
        output.traceback = [without(part, secret) for part in output.traceback]
        output.evalue = without(output.evalue, secret)
    else:
        for kind, value in output.data.items():
            if isinstance(value, str) and not kind.startswith("image/png"):
                output.data[kind] = without(value, secret)


def without(text: str, secret: list[str]) -> str:
    """Text with each hidden line replaced, plain or as HTML writes it."""
    for line in secret:
        text = text.replace(line, BLANK).replace(html.escape(line), BLANK)
    return text


def summary(withheld: dict[str, list[str]], notes: list[str]) -> str:
    """What a student should know first, in markdown."""
    lines = [f"- **{name}**: {'; '.join(why)}" for name, why in withheld.items()]
    if lines:
        head = "**Your teacher has to look at this.** Until then these exercises have no marks:"
        lines = [head, "", *lines, ""]
    lines += [f"- {note}" for note in notes]
    return "\n".join(lines) or "All tests were run."


def feedback(course: Course, unit: str) -> dict[str, Path | str]:
    """Write `feedback/<student>/<unit>/<unit>.html` for all who were graded.

    Args:
        course: The course folder.
        unit: Name of a unit that was graded.

    Returns:
        Student → the page, or in words why there is none.

    Raises:
        LookupError: Nothing was graded yet.
    """
    outcomes = load(course, unit)
    if not outcomes:
        raise LookupError(f"{unit} was not graded yet: make grade UNIT={unit}")
    config = settings(course.root)
    config.GenerateFeedback.preprocessors = FEEDBACK
    pages: dict[str, Path | str] = {}
    for student, outcome in tqdm(outcomes.items(), desc=unit, unit="page", disable=None):
        path = course.root / "feedback" / student / unit / f"{unit}.html"
        try:
            if outcome.ungraded:
                write_reason(path, unit, outcome)
            else:
                convert(GenerateFeedback, config, unit, student)
            pages[student] = path
        except (RuntimeError, OSError) as error:  # one page must not stop the others
            pages[student] = str(error)
    return pages


def write_reason(path: Path, unit: str, outcome: Outcome) -> None:
    """The page of a submission that could not be graded."""
    why = "".join(f"<li>{html.escape(reason)}</li>" for reason in outcome.reasons)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{unit}</title>'
        f"<h1>{unit}</h1><p>This submission could not be graded:</p><ul>{why}</ul>"
        "<p>Please talk to your teacher.</p></html>\n",
        encoding="utf-8",
    )


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and write; exit status 1 if a page failed, 2 if nothing was graded."""
    parser = argparse.ArgumentParser(prog="python -m vicourse.feedback", description=__doc__)
    parser.add_argument("unit", metavar="UNIT")
    parser.add_argument("--root", type=Path, default=here().root, help="the course folder")
    options = parser.parse_args(arguments)
    course = Course(options.root.resolve())
    try:
        pages = feedback(course, options.unit)
    except (LookupError, FileNotFoundError) as error:
        parser.exit(2, f"✗ {error}\n")
    failed = {student: why for student, why in pages.items() if isinstance(why, str)}
    print(f"✓ {len(pages) - len(failed)} pages in feedback/<student>/{options.unit}/")
    for student, why in failed.items():
        print(f"✗ {student}: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
