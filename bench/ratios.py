"""How many times the floor something costs: ours and the peers', beside a target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from bench.rounds import rates

__all__ = ["Line", "compare", "table"]


class Line(NamedTuple):
    """One line of the table; all numbers are CPU times as multiples of the floor's.

    Attributes:
        work: What was done, and what the floor is.
        ours: Ours.
        best_peer: The quickest peer that was installed, or None.
        target: What ours may be at most.
        peers: Each peer's multiple.
    """

    work: str
    ours: float
    best_peer: float | None
    target: float
    peers: Mapping[str, float] = {}


def compare(
    work: str,
    floor: Callable[[], int],
    ours: Callable[[], int],
    peers: Mapping[str, Callable[[], int]],
    target: float,
    num_rounds: int = 7,
) -> Line:
    """Run floor, ours and peers in shuffled rounds of one process.

    Args:
        work: A name for the line.
        floor: What cannot be undercut; returns how many units of work it did, like all the others.
        ours: The same work with `vilib`.
        peers: The same work with other libraries.
        target: The greatest multiple that is aimed at.
        num_rounds: Rounds that count.
    """
    speed = rates({"floor": floor, "ours": ours, **peers}, num_rounds)
    times = {name: speed["floor"] / rate for name, rate in speed.items()}
    others = {name: times[name] for name in peers}
    return Line(work, times["ours"], min(others.values(), default=None), target, others)


def table(lines: Iterable[Line]) -> str:
    """The lines as text, and which targets were reached."""
    rows = [f"{'work':58}{'ours':>8}{'target':>8}{'peer':>8}"]
    for line in lines:
        peer = "–" if line.best_peer is None else f"{line.best_peer:.2f}"
        verdict = "reached" if line.ours <= line.target else "missed"
        rows.append(f"{line.work:58}{line.ours:8.2f}{line.target:8.2f}{peer:>8}  {verdict}")
        rows += [f"{'':10}{name}: {multiple:.2f}" for name, multiple in line.peers.items()]
    return "\n".join(rows)
