"""The weight of the KL over a run, as the cockpit's four sliders draw it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BetaSchedule"]


@dataclass(frozen=True)
class BetaSchedule:
    """β rises in a straight line from `start` to `end`, once or in each of several cycles.

    With one cycle the line is `vilib.bounds.beta_linear`, and with start 0 and several cycles
    `vilib.bounds.beta_cyclical`.

    Args:
        start: β at the first step of a cycle.
        warm_up: Share of a cycle in which β rises; 0 for no rise.
        cycles: How often.
        end: β for the rest of a cycle.

    Raises:
        ValueError: A negative β, a share outside [0, 1], or no cycle.

    Example: two cycles of four steps.
        >>> schedule = BetaSchedule(start=0.0, warm_up=0.5, cycles=2)
        >>> [schedule(step, num_steps=8) for step in range(8)]
        [0.0, 0.5, 1.0, 1.0, 0.0, 0.5, 1.0, 1.0]
    """

    start: float = 1.0
    warm_up: float = 0.0
    cycles: int = 1
    end: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no slider can give."""
        if min(self.start, self.end) < 0 or not 0 <= self.warm_up <= 1 or self.cycles < 1:
            raise ValueError(f"{self}: expected β ≥ 0, a share in [0, 1] and at least one cycle")

    def __call__(self, step: int, num_steps: int) -> float:
        """β at a step, counted from 0, of a run of `num_steps`; `end` once the run is over."""
        if step >= num_steps:
            return self.end
        length = -(-num_steps // self.cycles)
        position = (step % length) / (num_steps / self.cycles)
        if position >= self.warm_up:
            return self.end
        return self.start + (self.end - self.start) * position / self.warm_up
