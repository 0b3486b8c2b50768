"""The lanes of the estimator race: running means and the funnels in which they belong."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from vilib.figures.number import short
from vilib.figures.race_state import State
from vilib.figures.style import Palette

__all__ = ["half_width", "paint_lanes", "prepare_rows"]

# a lane's curves keep this far from its neighbour's, in lanes
REACH = 0.44


def half_width(state: State) -> float:
    """What half a lane stands for, the same in every lane and at every step of a race.

    The middling funnel fits from 16 draws on, the widest from 512 on: before that it fills its
    lane, so that the narrow ones can be told apart.
    """
    deviations = state.deviations[state.deviations > 1e-6 * state.deviations.max()]
    if not len(deviations):
        deviations = np.ones(1)
    bias = np.abs(state.means[:, -1] - state.exact).max()
    middling, widest = 2 * np.median(deviations) / 16**0.5, 2 * deviations.max() / 512**0.5
    return float(max(middling, widest, 1.2 * bias))


def prepare_rows(axes: Axes, state: State, colours: Palette) -> None:
    """One row per estimator, the first on top, with thin lines between."""
    E = len(state.names)
    axes.set_ylim(E - 0.5, -0.5)
    axes.set_yticks([])
    for y in range(E + 1):
        axes.axhline(y - 0.5, color=colours.grid, linewidth=0.8, zorder=0)
    axes.spines["left"].set_visible(False)


def paint_lanes(axes: Axes, state: State, colours: Palette) -> None:
    """Names on the left, number of gradients below on a logarithmic scale."""
    prepare_rows(axes, state, colours)
    axes.set_xscale("log", base=2)
    axes.set_xlim(state.counts[0], state.counts[-1] * 1.08)
    ticks = 2 ** np.arange(3, int(np.log2(state.counts[-1])) + 1, 2)
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.set_xticks([], minor=True)
    half = short(half_width(state))
    axes.set_xlabel(f"gradients drawn, now {state.drawn}; half a lane is {half}")
    axes.set_title("mean so far; funnel: exact ± 2 s.e.")
    axes.set_yticks(range(len(state.names)), state.names)
    axes.tick_params(axis="y", length=0, labelcolor=colours.ink)
    for row in range(len(state.names)):
        paint_lane(axes, state, row, colours)


def paint_lane(axes: Axes, state: State, row: int, colours: Palette) -> None:
    """One estimator: the exact line, its funnel, the mean, and a dot where the race stands."""
    end = state.step % len(state.counts) + 1
    n, mean = state.counts[:end], state.means[row, :end]
    scale = REACH / half_width(state)

    def place(error: np.ndarray) -> np.ndarray:
        # y grows downwards, and what leaves the lane stays at its edge
        return row - np.clip(error * scale, -REACH, REACH)

    funnel = 2 * state.deviations[row] / np.sqrt(state.counts)
    axes.fill_between(
        state.counts, place(-funnel), place(funnel), color=colours.truth, alpha=0.17, linewidth=0
    )
    axes.axhline(row, color=colours.truth, linewidth=1.4, zorder=2)
    axes.plot(n, place(mean - state.exact), color=colours.guess, linewidth=2.0, zorder=3)
    axes.plot(n[-1], place(mean[-1:] - state.exact), "o", color=colours.guess, zorder=4)
