"""The two columns beside the lanes: bias in standard errors, and variance of one gradient."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from vilib.figures.number import number, short
from vilib.figures.race_lanes import prepare_rows
from vilib.figures.race_state import State
from vilib.figures.style import Palette

__all__ = ["LIMIT", "paint_bias", "paint_variance"]

# chance goes beyond five standard errors once in 1.7 million races
LIMIT = 5.0
# with fewer draws a mean is not yet Gaussian enough to convict anyone
JUDGED_FROM = 500
# the variance axis spans no more powers of ten than this
DECADES = 4


def convicted(state: State) -> np.ndarray:
    """Which estimators are further off than chance explains, bool `[E]`."""
    return (np.abs(state.bias) > LIMIT) & (state.drawn >= JUDGED_FROM)


def paint_bias(axes: Axes, state: State, colours: Palette) -> None:
    """Dots inside the band that chance explains, squares for the convicted, numbers beside."""
    prepare_rows(axes, state, colours)
    # the end of the race sets the axis, so that it does not move on the way
    last = np.abs(replace(state, step=-1).bias)
    reach = 1.5 * float(max(8.0, last[np.isfinite(last)].max(initial=0)))
    axes.set_xscale("symlog", linthresh=LIMIT, linscale=1.0)
    axes.set_xlim(-reach, reach)
    axes.set_xticks([-LIMIT, 0, LIMIT], ["−5", "0", "5"])
    axes.set_xticks([], minor=True)
    axes.axvspan(-LIMIT, LIMIT, color=colours.truth, alpha=0.13, linewidth=0)
    axes.axvline(0, color=colours.truth, linewidth=1.4)
    for row, (bias, off) in enumerate(zip(state.bias, convicted(state))):
        axes.plot(np.clip(bias, -reach, reach), row, **marker(off, colours))
        beside(axes, row, number(bias, 1) + ("\nbiased" if off else ""), off)
    axes.set_title("bias / s.e.")
    axes.set_xlabel("shaded: chance")


def paint_variance(axes: Axes, state: State, colours: Palette) -> None:
    """A dot on a logarithmic scale, the number beside; no variance is an arrow to the left."""
    prepare_rows(axes, state, colours)
    variance = state.deviations**2
    top = float(max(variance.max(), 1e-30))
    decades = spread(variance / top)
    low = top / 10**decades / 1.5
    axes.set_xscale("log")
    axes.set_xlim(low, top * 1.5)
    axes.set_xticks([top / 10**decades, top], [f"1/{10**decades}", "1"])
    axes.set_xticks([], minor=True)
    for row, (v, off) in enumerate(zip(variance, convicted(state))):
        look = marker(off, colours)
        axes.plot(max(v, low), row, **{**look, "marker": "<" if v <= low else look["marker"]})
        beside(axes, row, short(v) if v > 1e-12 * top else "0", False)
    axes.set_title("variance")
    axes.set_xlabel("share of largest")


def spread(share: np.ndarray) -> int:
    """How many powers of ten hold all shares of the largest variance, 1 to `DECADES`."""
    smallest = share[share > 10.0**-DECADES].min(initial=1.0)
    return max(1, math.ceil(-math.log10(smallest) - 1e-9))


def marker(off: bool, colours: Palette) -> dict[str, object]:
    """A filled circle for what may be unbiased, a hollow square for what is not."""
    face = colours.paper if off else colours.guess
    return {
        "marker": "s" if off else "o",
        "markersize": 8,
        "markerfacecolor": face,
        "markeredgecolor": colours.ink,
        "markeredgewidth": 1.6 if off else 0.8,
        "linestyle": "none",
        "clip_on": False,
        "zorder": 5,
    }


def beside(axes: Axes, row: int, words: str, bold: bool) -> None:
    """A number in the margin on the right, where no dot can reach it."""
    axes.text(
        1.06,
        row,
        words,
        transform=axes.get_yaxis_transform(),
        va="center",
        size=9,
        weight="bold" if bold else "normal",
    )
