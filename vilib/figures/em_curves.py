"""The left half of the EM staircase: log p(x | θ), the bound, and the way so far."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from vilib.figures.em_state import HalfStep, State, bound_at, evidence_at
from vilib.figures.style import Palette

__all__ = ["paint_curves"]


def paint_curves(figure: FigureBase, state: State, steps: list[HalfStep], colours: Palette) -> None:
    """The exact curve, the present bound, the stairs climbed, and the gap at the present θ."""
    axes = figure.add_axes((0.085, 0.13, 0.5, 0.72))
    problem = state.problem
    theta = torch.linspace(problem.low, problem.high, 401, dtype=torch.double)
    exact = evidence_at(problem, theta).numpy()
    below = bound_at(problem, steps[-1].q, theta).numpy()
    axes.plot(theta, exact, color=colours.truth, linewidth=3.0, label="log p(x | θ), exact")
    axes.plot(
        theta, below, color=colours.elbo, linewidth=2.2, dashes=(4, 1.6), label="bound for this q"
    )
    top = exact.max()
    axes.set_ylim(top - problem.reach, top + 0.06 * problem.reach)
    axes.set_xlim(problem.low, problem.high)
    paint_way(axes, steps, colours)
    paint_gap(axes, steps[-1], colours)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_label_coords(-0.125, 0.5)
    axes.set_ylabel("nats, all observations")
    axes.set_xlabel(problem.symbol, labelpad=2)
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, handlelength=3.0
    )


def paint_way(axes: Axes, steps: list[HalfStep], colours: Palette) -> None:
    """E goes straight up; M goes along and then up."""
    points = [(steps[0].theta, steps[0].elbo)]
    for step in steps[1:]:
        points += [(step.theta, points[-1][1]), (step.theta, step.elbo)]
    x, y = np.array(points).T
    # what lies below the scale starts at its edge
    y = np.maximum(y, axes.get_ylim()[0])
    axes.plot(x, y, color=colours.guess, linewidth=1.6, zorder=4, gid="way")


def paint_gap(axes: Axes, step: HalfStep, colours: Palette) -> None:
    """The KL as a hatched bar between the bound and the curve at the present θ."""
    low, high = axes.get_xlim()
    width = 0.022 * (high - low)
    foot = max(step.elbo, axes.get_ylim()[0])
    axes.bar(
        step.theta,
        step.log_evidence - foot,
        bottom=foot,
        width=width,
        facecolor=colours.gap,
        edgecolor=colours.ink,
        hatch="////",
        zorder=5,
        gid="kl",
    )
    shape = "v" if step.elbo < foot else "o"
    axes.plot(step.theta, foot, shape, markersize=9, color=colours.guess, zorder=6, clip_on=False)
