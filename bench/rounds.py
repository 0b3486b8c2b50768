"""Compare things in one process: shuffled rounds, CPU time, medians."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping

__all__ = ["rates"]


def rates(
    contestants: Mapping[str, Callable[[], int]], num_rounds: int, seed: int = 1
) -> dict[str, float]:
    """Examples per CPU-second of each contestant, the median over rounds.

    Every round runs all contestants once, in a new random order, so that a noisy minute or a warm
    cache favours none.

    Args:
        contestants: Name → function that does some work and returns how many examples it has gone
            through.
        num_rounds: Rounds, after one that is not counted.
        seed: Of the order.
    """
    order = random.Random(seed)
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(num_rounds + 1):
        for name in order.sample(list(contestants), len(contestants)):
            started = time.process_time()
            examples = contestants[name]()
            speed = examples / (time.process_time() - started)
            if round_number:
                measured[name].append(speed)
    return {name: statistics.median(speeds) for name, speeds in measured.items()}
