"""Grade many submissions, a few at a time, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext

from vicourse.course import Course
from vicourse.grade.kernel import end_family
from vicourse.grade.limits import Limits
from vicourse.grade.one import grade_one, ungraded
from vicourse.grade.outcome import Outcome
from vicourse.grade.released import read_released

__all__ = ["grade_many"]

GRACE = 60.0  # seconds for all but the notebook itself


def grade_many(
    course: Course, unit: str, students: list[str], limits: Limits, jobs: int
) -> Iterator[Outcome]:
    """Grade submissions and yield each outcome as soon as it is there, in no particular order.

    Args:
        course: The course folder.
        unit: Name of the unit.
        students: Names of folders in `submitted/`.
        limits: What one notebook may use.
        jobs: How many run at a time.
    """
    context = processes()
    with ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(guarded, context, course, unit, name, limits) for name in students]
        for done in as_completed(waiting):
            yield done.result()


def processes() -> BaseContext:
    """Fresh processes; where the system can fork, from one that has imported nbgrader already."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["nbgrader.converters", "jupyter_client.blocking", "vicourse.grade.one"]
    )
    return context


def guarded(
    context: BaseContext, course: Course, unit: str, student: str, limits: Limits
) -> Outcome:
    """Grade in a new process; if it dies or hangs, so be it, for this one student."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child, args=(theirs, course, unit, student, limits))
    process.start()
    theirs.close()
    reason = "the grading process did not come to an end"
    try:
        if ours.poll(limits.whole + GRACE):
            answer = ours.recv()
            if isinstance(answer, Outcome):
                return answer
            reason = answer
    except EOFError:
        process.join(5)
        reason = f"the grading process died (exit status {process.exitcode})"
    finally:
        if process.is_alive() and process.pid:
            process.join(1)
            end_family(process.pid)
        process.join()
    return ungraded(course, unit, student, read_released(course.student(unit)), reason)


def child(answer: Connection, course: Course, unit: str, student: str, limits: Limits) -> None:
    """What the new process does."""
    try:
        answer.send(grade_one(course, unit, student, limits))
    except Exception as error:  # a fault of ours must not stop the class
        answer.send(f"grading failed: {type(error).__name__}: {error}")
