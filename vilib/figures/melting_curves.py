"""The right half of the melting dice: bias, variance and error of the gradient against τ."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from vilib.figures.melting_state import State
from vilib.figures.number import short
from vilib.figures.style import Palette

__all__ = ["paint_curves"]

# how many powers of ten the axis spans
DECADES = 5
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def paint_curves(figure: FigureBase, state: State, colours: Palette) -> None:
    """Three lines that differ in dashes and markers, the present τ and the best one."""
    axes = figure.add_axes((0.56, 0.145, 0.42, 0.64))
    frame(axes, state)
    t, low = state.temperatures, axes.get_ylim()[0]
    bias = np.where(state.bias > low, state.bias, np.nan)
    axes.plot(t, state.error, color=colours.ink, linewidth=3.2, label="error = sum of both")
    axes.plot(t, bias, color=colours.truth, linewidth=1.8, linestyle="--", marker="s", markersize=5,
              label="bias²")  # fmt: skip
    axes.plot(t, state.spread, color=colours.guess, linewidth=1.8, linestyle=":", marker="o",
              markersize=5, label="variance / S")  # fmt: skip
    axes.axvline(state.temperature, color=colours.muted, linewidth=1.6, gid="now")
    axes.plot(t[state.best], state.error[state.best], marker="*", markersize=17, gid="best",
              markerfacecolor=colours.paper, markeredgecolor=colours.ink, zorder=6)  # fmt: skip
    axes.axhline(1.0, color=colours.grid, linewidth=1.0, zorder=0)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), ncols=3, frameon=False,
                handlelength=2.0, columnspacing=0.8, fontsize=9)  # fmt: skip
    rolls = "1 roll" if state.num_samples == 1 else f"{state.num_samples} rolls"
    figure.text(0.56, 0.93, f"gradient from {rolls}, {state.kind}", weight="bold")


def frame(axes: Axes, state: State) -> None:
    """Logarithmic axes that stay where they are, whatever τ, S and kind."""
    top = 10.0 ** math.ceil(math.log10(state.variance.max() * 1.2))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(state.temperatures[0] / 1.1, state.temperatures[-1] * 1.1)
    axes.set_ylim(top / 10.0**DECADES, top)
    axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.set_xticks([], minor=True)
    powers = [top / 10.0**n for n in range(DECADES + 1)]
    axes.set_yticks(powers, [short(p) for p in powers])
    axes.set_yticks([], minor=True)
    axes.set_xlabel("temperature τ")
    axes.set_ylabel("share of |gradient|²")
