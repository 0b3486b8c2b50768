"""A table of runs, told as mean and standard deviation over their seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

__all__ = ["Row", "over_seeds", "spread"]

Row = dict[str, str | int | float]


def over_seeds(
    rows: Sequence[Row], keys: Sequence[str], numbers: Sequence[str] | None = None
) -> list[Row]:
    """One line for all rows with the same keys; what a seed did is averaged first.

    Args:
        rows: What was measured; each has a "seed".
        keys: What tells the lines apart.
        numbers: What is averaged; everything that is no key, if not said.

    Returns:
        In the order of first appearance: the keys, "seeds", and each number with its standard
        deviation over seeds as "…_sd".

    Example:
        >>> rows = [{"model": "m", "seed": s, "nll": v} for s, v in ((1, 2.0), (2, 4.0))]
        >>> over_seeds(rows, ["model"])
        [{'model': 'm', 'seeds': 2, 'nll': 3.0, 'nll_sd': 1.414}]
    """
    groups: dict[tuple, dict[str | int | float, list[Row]]] = {}
    for row in rows:
        of_seed = groups.setdefault(tuple(row[key] for key in keys), {})
        of_seed.setdefault(row["seed"], []).append(row)
    table = []
    for names, seeds in groups.items():
        line: Row = dict(zip(keys, names, strict=True)) | {"seeds": len(seeds)}
        first = next(iter(seeds.values()))[0]
        for number in numbers or [each for each in first if each not in {*keys, "seed"}]:
            values = [statistics.fmean(row[number] for row in runs) for runs in seeds.values()]
            line[number] = statistics.fmean(values)
            line[f"{number}_sd"] = spread(values)
        table.append(line)
    return table


def spread(values: Sequence[float]) -> float:
    """Standard deviation; 0 of a single value, NaN where a value is infinite or undefined."""
    if not all(map(math.isfinite, values)):
        return math.nan
    return statistics.stdev(values) if len(values) > 1 else 0.0
