"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """What one submission may use before the grader steps in.

    Args:
        cell: Processor seconds for one cell; `slack` times as long by the clock. A busy machine
            must not cost marks, so the clock only catches cells that wait instead of computing.
        whole: Seconds of wall clock for the whole notebook, restarts included.
        memory: GiB of memory that the kernel may claim (enforced on Linux).
        output: Megabytes that one cell may print.
        restarts: How often a kernel that ended is started again, without the exercise that ended
            it.
    """

    cell: float = 30.0
    slack: float = 6.0
    whole: float = 600.0
    memory: float = 6.0
    output: float = 2.0
    restarts: int = 3
