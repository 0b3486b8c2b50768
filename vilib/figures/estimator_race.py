"""The estimator race of unit 04: who finds the exact gradient, and how soon.

One lane per estimator. In the lane lies a funnel around the exact gradient: two standard errors
either way, where the mean of n gradients belongs if the estimator is unbiased. The mean so far runs
through it, or leaves it. Beside the lane stand the bias in standard errors and the variance of one
gradient.
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.number import number, short
from vilib.figures.race_columns import paint_bias, paint_variance
from vilib.figures.race_lanes import paint_lanes
from vilib.figures.race_state import State, race
from vilib.figures.style import Palette, Style, look

__all__ = ["State", "describe", "draw", "height", "paint", "race"]

WIDTH, LANE, FRAME = 9.0, 0.45, 1.15


def draw(state: State, style: Style = "light") -> Figure:
    """The race as a figure, 900 pixels wide, 45 pixels a lane.

    Args:
        state: From `race`; `step` says how far it has gone.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=(WIDTH, height(state)))
        paint(figure, state, colours)
    return figure


def height(state: State) -> float:
    """How many inches the picture is high."""
    return FRAME + LANE * len(state.names)


def paint(figure: FigureBase, state: State, colours: Palette) -> None:
    """Put the race on a figure, or on a part of one, of `height(state)` inches."""
    total = height(state)
    bottom, tall = 0.6 / total, LANE * len(state.names) / total
    paint_lanes(figure.add_axes((0.205, bottom, 0.36, tall)), state, colours)
    paint_bias(figure.add_axes((0.6, bottom, 0.115, tall)), state, colours)
    paint_variance(figure.add_axes((0.812, bottom, 0.105, tall)), state, colours)


def describe(state: State) -> str:
    """The race in words: for each estimator its mean, its bias and its variance.

    Example:
        >>> import numpy as np
        >>> state = State(("fair", "skewed"), np.array([100]), np.array([[1.1], [3.0]]),
        ...     np.array([1.0, 2.0]), 1.0)
        >>> print(describe(state))
        After 100 gradients (exact: 1.000): fair 1.100 ± 0.100, 1.0 standard errors off, variance \
1; skewed 3.000 ± 0.200, 10.0 standard errors off, variance 4.
    """
    parts = [
        f"{name} {number(m, 3)} ± {number(s, 3)}, {number(b, 1)} standard errors off, "
        f"variance {short(v)}"
        for name, m, s, b, v in zip(
            state.names,
            state.means[:, state.step],
            state.standard_errors,
            state.bias,
            state.deviations**2,
        )
    ]
    exact, drawn, total = number(state.exact, 3), state.drawn, int(state.counts[-1])
    # at every stage the picture has the standard deviations that all draws gave
    source = "" if drawn == total else f"; ± and variances are those of all {total:,}"
    return f"After {drawn} gradients (exact: {exact}): {'; '.join(parts)}{source}."
