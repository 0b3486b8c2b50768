"""Several states of one figure above one another, for pages where nothing can be moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from matplotlib.figure import Figure, FigureBase

from vilib.figures.style import Palette, Style, look

__all__ = ["strip"]

S = TypeVar("S")


def strip(
    states: Sequence[S],
    paint: Callable[[FigureBase, S, Palette], None],
    height: Callable[[S], float],
    style: Style = "light",
    width: float = 9.0,
) -> Figure:
    """One figure with a panel per state.

    Args:
        states: What to show, from top to bottom.
        paint: Puts a state on a part of a figure.
        height: How many inches a state needs.
        style: `light` or `dark`.
        width: In inches.

    Example:
        >>> figure = strip([1, 2], lambda part, n, colours: part.text(0, 0, str(n)), lambda n: n)
        >>> figure.get_size_inches().tolist()
        [9.0, 3.0]
    """
    heights = [height(state) for state in states]
    with look(style) as colours:
        figure = Figure(figsize=(width, sum(heights)))
        parts = figure.subfigures(len(states), 1, height_ratios=heights, squeeze=False, hspace=0)
        for part, state in zip(parts[:, 0], states):
            paint(part, state, colours)
    return figure
