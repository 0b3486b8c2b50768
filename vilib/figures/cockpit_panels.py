"""The panels of the cockpit: cost over the run, units, β, and the bill of now."""

from __future__ import annotations

import math
from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vilib.figures.cockpit_state import State
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["paint_active", "paint_beta", "paint_bill", "paint_cost", "paint_use"]

# how many nats below and above the floor the scale of costs shows
BELOW, ABOVE = 9.0, 9.0


def floor(state: State) -> float:
    """The level that costs are compared with: the entropy, or the control where it is unknown."""
    return state.entropy if math.isfinite(state.entropy) else state.control


def limits(state: State) -> tuple[float, float]:
    """Ends of the scale of nats: the same at every moment of a run."""
    low = min(floor(state) - BELOW, *(state.distortions - 1.0))
    return max(0.0, low), floor(state) + ABOVE


def span(state: State) -> tuple[float, float]:
    """Ends of the axis of steps, with room for half a bar."""
    half = 0.5 * state.steps[0]
    return state.steps[0] - half, state.steps[-1] + half


def paint_levels(axes: Axes, state: State, colours: Palette, reach: tuple[float, float]) -> None:
    """The language model's −log p as a dashed line, the exact entropy as a thick one, outlined."""
    axes.plot(
        reach, 2 * [state.control], color=colours.ink, linewidth=1.4, dashes=(2, 2), gid="control"
    )
    if math.isfinite(state.entropy):
        level = 2 * [state.entropy]
        axes.plot(reach, level, color=colours.paper, linewidth=5.0, solid_capstyle="butt")
        axes.plot(reach, level, color=colours.truth, linewidth=3.0, gid="entropy")


def paint_cost(axes: Axes, state: State, colours: Palette) -> None:
    """Distortion as a filled area, the rate hatched on top of it, and the exact entropy."""
    low, high = limits(state)
    n = slice(0, state.shown)
    steps, cut = state.steps[n], np.clip(state.distortions[n], low, high)
    top = np.clip(state.nelbos[n], low, high)
    axes.fill_between(steps, low, cut, color=colours.elbo, linewidth=0, gid="distortion")
    axes.fill_between(
        steps, cut, top, facecolor=colours.gap, edgecolor=colours.ink, hatch="////",
        linewidth=0.6, gid="rate",
    )  # fmt: skip
    axes.plot(steps, top, color=colours.ink, linewidth=1.4)
    paint_levels(axes, state, colours, span(state))
    axes.set_xlim(*span(state))
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_ylabel("nats a sentence")
    axes.tick_params(labelbottom=False)
    axes.set_title(shorten(state.name, 60, placeholder=" …"), loc="left")


def paint_active(axes: Axes, state: State, colours: Palette) -> None:
    """How many units are active, as bars up to D."""
    width = 0.75 * (state.steps[0] if len(state.steps) == 1 else np.diff(state.steps).min())
    n = slice(0, state.shown)
    axes.bar(state.steps[n], state.active[n], width=width, color=colours.guess, gid="active")
    axes.axhline(state.num_units, color=colours.muted, linewidth=1.0)
    axes.set_ylim(0, 1.08 * state.num_units)
    axes.set_yticks([0, state.num_units])
    axes.set_xlim(*span(state))
    axes.tick_params(labelbottom=False)
    axes.set_ylabel("units")


def paint_beta(axes: Axes, state: State, colours: Palette) -> None:
    """The schedule: what was used as a thick line, what is to come as a thin one."""
    axes.plot(state.steps, state.betas, color=colours.muted, linewidth=1.0, dashes=(3, 2))
    n = slice(0, state.shown)
    axes.plot(state.steps[n], state.betas[n], color=colours.ink, linewidth=2.2, gid="beta")
    top = max(1.0, float(state.betas.max()))
    axes.set_ylim(min(0.0, float(state.betas.min())) - 0.06 * top, 1.12 * top)
    axes.set_yticks([0, 1] if top < 2 else [0, round(top)])
    axes.set_xlim(*span(state))
    axes.set_ylabel("β")
    axes.set_xlabel("steps", labelpad=1)


def paint_bill(axes: Axes, state: State, colours: Palette) -> None:
    """One bar for now: distortion + rate, beside the entropy and the language model."""
    low, high = limits(state)
    distortion, rate, nelbo = state.rounded()
    cut, top = (min(max(level, low), high) for level in (distortion, nelbo))
    box = {"width": 0.28, "align": "edge", "edgecolor": colours.ink}
    axes.bar(0.04, cut - low, bottom=low, facecolor=colours.elbo, **box, gid="bill distortion")
    axes.bar(
        0.04, top - cut, bottom=cut, facecolor=colours.gap, hatch="////", **box, gid="bill rate"
    )
    axes.set_ylim(low, high)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.tick_params(labelleft=False)
    axes.spines["bottom"].set_visible(False)
    paint_levels(axes, state, colours, (0.0, 0.36))
    axes.set_title(f"now, at step {state.steps[state.now]}", loc="left")
    wanted = [
        (top, f"−ELBO {number(nelbo)}", "bold"),
        ((cut + top) / 2, f"rate {number(rate)}", "normal"),
        (state.control, f"no code: {number(state.control)}", "normal"),
        ((low + cut) / 2, f"distortion {number(distortion)}", "normal"),
    ]
    if math.isfinite(state.entropy):
        wanted.append((state.entropy, f"entropy {number(state.entropy)}", "bold"))
    paint_words(axes, wanted, colours)


def paint_use(axes: Axes, state: State, colours: Palette) -> None:
    """Active units and β of now, in words, beside their panels."""
    axes.set_axis_off()
    axes.set_ylim(0, 1)
    units = f"{state.active[state.now]:.0f} of {state.num_units} units active"
    axes.text(0.04, 0.8, units, va="center", color=colours.ink)
    axes.text(0.04, 0.2, f"β = {number(float(state.betas[state.now]))}", va="center")


def paint_words(axes: Axes, wanted: list[tuple[float, str, str]], colours: Palette) -> None:
    """Lines of text beside the bar, each near its level and none on another."""
    low, high = axes.get_ylim()
    line = 0.115 * (high - low)
    wanted = sorted(wanted, key=lambda item: -item[0])
    places: list[float] = []
    for level, *_ in wanted:
        highest = places[-1] - line if places else high - 0.5 * line
        places.append(min(level, highest))
    # pushed below the lower end, they are moved up again from there
    lowest = low + 0.5 * line
    for i in reversed(range(len(places))):
        places[i] = max(places[i], lowest)
        lowest = places[i] + line
    for (level, words, weight), y in zip(wanted, places):
        end = min(max(level, low), high)
        axes.plot([0.33, 0.4], [end, y], color=colours.muted, linewidth=1.0)
        box = {"facecolor": colours.paper, "edgecolor": "none", "pad": 1.0}
        axes.text(0.42, y, words, va="center", weight=weight, bbox=box, zorder=5)
