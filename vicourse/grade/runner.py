"""The one place where student code runs. A stronger wall (container, sandbox) would be built here.

The code runs in a kernel: a process of its own, in an empty folder, with limits on time, memory and
output, killed with all its children at the end. This does NOT protect against a student who means
harm: the code has the rights of the account that grades, can read its files and reach the
network, and sits in one process with the tests, so that it can read or replace them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from time import monotonic

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Integer

from vicourse.grade.kernel import TIME, Kernel, Result
from vicourse.grade.limits import Limits

__all__ = ["Run", "Stop", "run"]

NO_MEMORY = ("can't allocate memory", "std::bad_alloc", "Unable to allocate")


@dataclass(frozen=True)
class Stop:
    """One time that the grader had to step in.

    Attributes:
        index: Position of the cell.
        blamed: The exercise that answers for it.
        reason: What happened, in words.
    """

    index: int
    blamed: str | None
    reason: str


def run(notebook: NotebookNode, limits: Limits) -> list[Stop]:
    """Run a notebook that `clean.restore` has prepared, in place; say where it had to be stopped.

    A cell that is stopped, runs out of memory or ends the kernel takes its exercise with it: the
    other cells of that exercise are not run, and after a death all the rest is run again without
    them. So one bad answer costs one exercise. What became of a cell stands in
    `cell.metadata["vicourse"]["run"]`: "ok", "error", "stopped", "died", "not run", or "left out"
    (tagged `long` by us).

    Args:
        notebook: The prepared notebook; outputs and execution counts are written into it.
        limits: What it may use.
    """
    stops: list[Stop] = []
    until = monotonic() + limits.whole
    for _ in range(1 + limits.restarts):
        before = len(stops)
        if one_pass(notebook, limits, until, stops):
            break
        if len(stops) == before:
            break  # died of nothing that can be left out
    return stops


def one_pass(notebook: NotebookNode, limits: Limits, until: float, stops: list[Stop]) -> bool:
    """Run all cells in one kernel; return whether it lived to the end."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
            cell.metadata.vicourse.run = "not run"
    with Kernel(limits) as kernel:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            if "long" in cell.metadata.get("tags", []):
                cell.metadata.vicourse.run = "left out"
            elif not barred(index, cell, stops):
                left = until - monotonic()
                if left <= 0:
                    late = f"the whole notebook ran for more than {limits.whole:g} s"
                    stops.append(Stop(index, cell.metadata.vicourse.blamed, late))
                    return True
                result = kernel.execute(cell.source, *allowance(cell, limits, left))
                note(index, cell, result, limits, stops)
                if result.state == "died":
                    return False
    return True


def allowance(cell: NotebookNode, limits: Limits, left: float) -> tuple[float, float]:
    """Processor seconds and seconds by the clock; our own cells outside exercises have it all."""
    if cell.metadata.vicourse.ours:
        return left, left
    return limits.cell, min(limits.cell * limits.slack, left)


def barred(index: int, cell: NotebookNode, stops: list[Stop]) -> bool:
    """Whether a cell caused a stop, or stands in an exercise that did; it then shows why."""
    inside = cell.metadata.vicourse.inside
    for stop in stops:
        if index == stop.index or (inside and inside == stop.blamed):
            cell.outputs = [failure(stop.reason)]
            return True
    return False


def note(index: int, cell: NotebookNode, result: Result, limits: Limits, stops: list[Stop]) -> None:
    """Write a result into its cell, and a stop into the list."""
    cell.outputs, cell.execution_count = result.outputs, result.count
    cell.metadata.vicourse.update(run=result.state, seconds=round(result.seconds, 3))
    reason = result.reason.replace(TIME, f"was stopped: it ran for more than {limits.cell:g} s")
    if memory_ran_out(result):
        reason = f"needs more than {limits.memory:g} GiB of memory"
    if reason:
        sentence = f"cell {called(cell)} {reason}"
        stops.append(Stop(index, cell.metadata.vicourse.blamed, sentence))
        cell.outputs.append(failure(sentence))


def called(cell: NotebookNode) -> str:
    """What a teacher can find a cell by: its `grade_id`, else how its code begins."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id or f"`{cell.source.strip().splitlines()[0][:40]}`"


def memory_ran_out(result: Result) -> bool:
    """Whether a cell failed because the limit on memory was reached."""
    for output in result.outputs:
        if output.output_type == "error":
            refused = any(words in output.evalue for words in NO_MEMORY)
            return output.ename == "MemoryError" or refused
    return False


def failure(sentence: str) -> NotebookNode:
    """An error output that says why the grader stepped in."""
    return new_output("error", ename="Stopped", evalue=sentence, traceback=[f"Stopped: {sentence}"])


class Run(NbGraderPreprocessor):
    """nbgrader's `Execute`, by way of `run`. Its settings are those of `Limits`."""

    cell = Float(Limits.cell, help="Processor seconds for one cell.").tag(config=True)
    slack = Float(Limits.slack, help="The clock's limit, as a multiple of it.").tag(config=True)
    whole = Float(Limits.whole, help="Seconds for a whole notebook.").tag(config=True)
    memory = Float(Limits.memory, help="GiB of memory.").tag(config=True)
    output = Float(Limits.output, help="Megabytes that a cell may print.").tag(config=True)
    restarts = Integer(Limits.restarts, help="Fresh starts after a kernel has ended.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Run the notebook in place and keep back the marks of exercises that had to be stopped."""
        limits = Limits(**{name: getattr(self, name) for name in asdict(Limits())})
        start = monotonic()
        findings = nb.metadata.vicourse
        for stop in run(nb, limits):
            if stop.blamed is None:
                findings.notes.append(stop.reason)
            else:
                findings.withheld.setdefault(stop.blamed, []).append(stop.reason)
        findings.seconds = round(monotonic() - start, 3)
        findings.cpu = round(sum(c.metadata.vicourse.get("seconds", 0.0) for c in nb.cells), 3)
        return nb, resources
