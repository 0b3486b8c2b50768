"""The right half of the EM staircase: ELBO, KL and log p(x), half-step by half-step."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from vilib.figures.em_state import HalfStep
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["SHOWN", "paint_stairs"]

# so many of the latest half-steps are shown
SHOWN = 11


def paint_stairs(figure: FigureBase, steps: list[HalfStep], colours: Palette) -> None:
    """A column per half-step: ELBO solid, the KL hatched on top, log p(x) as a dot."""
    axes = figure.add_axes((0.69, 0.13, 0.3, 0.62))
    first = max(0, len(steps) - SHOWN)
    shown = steps[first:]
    x = np.arange(first, first + len(shown))
    elbo = np.array([step.elbo for step in shown])
    evidence = np.array([step.log_evidence for step in shown])
    # the gap of a start may be so large that nothing else could be seen; it runs out at the foot
    judged = shown[1:] if shown[0].kind == "start" and len(shown) > 2 else shown
    top, bottom = evidence.max(), min(step.elbo for step in judged)
    room = max(top - bottom, 0.5)
    low = bottom - 0.25 * room
    box = {"width": 0.86, "edgecolor": colours.ink, "linewidth": 0.8}
    cut = np.maximum(elbo, low)
    axes.bar(x, cut - low, bottom=low, facecolor=colours.elbo, gid="elbo", **box)
    axes.bar(x, evidence - cut, bottom=cut, facecolor=colours.gap, hatch="////", gid="kl", **box)
    axes.plot(x, evidence, "o-", color=colours.truth, linewidth=1.4, markersize=5, zorder=5)
    axes.set_ylim(low, top + 0.12 * room)
    axes.set_xlim(first - 0.6, first + SHOWN - 0.4)
    axes.yaxis.set_major_locator(MaxNLocator(5, min_n_ticks=2))
    letters(axes, x, shown)
    heading(figure, steps[-1], colours)


def letters(axes: Axes, x: np.ndarray, shown: list[HalfStep]) -> None:
    """Below each column which half-step it was."""
    axes.set_xticks(x, ["·" if step.kind == "start" else step.kind for step in shown])
    axes.tick_params(axis="x", length=0)
    last = f" (the last {SHOWN})" if shown[0].kind != "start" else ""
    axes.set_xlabel(f"half-steps{last}", labelpad=2)


def heading(figure: FigureBase, step: HalfStep, colours: Palette) -> None:
    """The identity with its numbers, over the columns."""
    elbo, kl, evidence = map(number, step.rounded())
    figure.text(0.64, 0.925, f"log p(x) = {evidence}", weight="bold", color=colours.truth)
    figure.text(0.64, 0.865, f"ELBO = {elbo}", color=colours.ink)
    figure.text(0.64, 0.805, f"KL = {kl}", color=colours.ink)
