"""The panels of the layer scrubber: the bent sheet, the scale of its shades, the gaps."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, to_rgb
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from vilib.figures.number import number, short
from vilib.figures.scrubber_state import FINE, LINES, State
from vilib.figures.style import Palette

__all__ = ["paint_gaps", "paint_scale", "paint_sheet"]

# bounds of the shades, in nats; log 2 is 0.69
BOUNDS = (-3.0, -2.0, -1.0, -0.3, 0.3, 1.0, 2.0, 3.0)
EVERY = (FINE - 1) // (LINES - 1)
# shares of the target's peak at which its dashed lines run
LEVELS = (0.05, 0.35)
FLOOR = 0.01
# how much colour the thinnest shade has
TRACE = 0.25


def shades(colours: Palette) -> ScalarMappable:
    """From dense, which stands out from the paper, to thin, which hardly does.

    Lightness goes one way only and in even steps, so that the shades stay apart without colour.
    """
    ends = (colours.truth, colours.elbo, tint(colours.elbo, colours.paper))
    first, middle, last = map(lightness, ends)
    places = (0.0, (middle - first) / (last - first), 1.0)
    scale = LinearSegmentedColormap.from_list("stretch", list(zip(places, ends)), N=256)
    return ScalarMappable(BoundaryNorm(BOUNDS, scale.N, extend="both"), scale)


def tint(colour: str, paper: str) -> tuple[float, ...]:
    """A trace of a colour on paper: the thinnest patch is still a patch, and no hole."""
    return tuple(TRACE * c + (1 - TRACE) * p for c, p in zip(to_rgb(colour), to_rgb(paper)))


def lightness(colour: str | tuple[float, ...]) -> float:
    """How light a colour looks, 0 to 1: about CIE L*/100."""
    return float(np.dot((0.2126, 0.7152, 0.0722), np.power(to_rgb(colour), 2.2))) ** (1 / 3)


def paint_sheet(axes: Axes, state: State, colours: Palette) -> ScalarMappable:
    """The paper with its shades and ruled lines, the ring, and the target."""
    flow, k = state.walk, state.layer
    made, points = shades(colours), flow.sheet[k]
    log_det = flow.log_det[k]
    middle = (log_det[1:, 1:] + log_det[:-1, :-1] + log_det[1:, :-1] + log_det[:-1, 1:]) / 4
    axes.pcolormesh(
        points[..., 0], points[..., 1], middle, cmap=made.cmap, norm=made.norm, rasterized=True
    )
    ruled = [*points[::EVERY], *points[:, ::EVERY].transpose(1, 0, 2)]
    # a light line under a dark one: one of the two is seen on every shade
    for colour, width, alpha in ((colours.paper, 1.5, 0.5), (colours.ink, 0.6, 0.9)):
        axes.add_collection(LineCollection(ruled, colors=colour, linewidths=width, alpha=alpha))
    axes.plot(*flow.ring[k].T, color=colours.paper, linewidth=4.0)
    axes.plot(*flow.ring[k].T, color=colours.guess, linewidth=2.2, gid="ring")
    levels = [share * flow.target.max() for share in LEVELS]
    for width, colour, dashes in ((3.2, colours.paper, "solid"), (1.6, colours.ink, "dashed")):
        axes.contour(
            flow.axis, flow.axis, flow.target, levels, colors=colour, linewidths=width,
            linestyles=dashes,
        )  # fmt: skip
    axes.set_xlim(-flow.reach, flow.reach)
    axes.set_ylim(-flow.reach, flow.reach)
    axes.set_aspect("equal")
    axes.set_title(f"{flow.name}: {k} of {flow.num_layers} layers")
    axes.set_xlabel("z₁", labelpad=0)
    axes.set_ylabel("z₂", labelpad=-2)
    return made


def paint_scale(axes: Axes, made: ScalarMappable, colours: Palette) -> None:
    """What the shades mean."""
    bar = axes.figure.colorbar(made, cax=axes, extend="both", spacing="uniform")
    bar.set_ticks(BOUNDS, labels=[number(bound, 1) for bound in BOUNDS])
    bar.set_label("log-determinant so far, nats", labelpad=2)
    bar.outline.set_edgecolor(colours.muted)
    axes.text(0.5, 1.075, "thin", transform=axes.transAxes, ha="center", va="bottom", fontsize=9)
    axes.text(0.5, -0.065, "dense", transform=axes.transAxes, ha="center", va="top", fontsize=9)


def paint_gaps(axes: Axes, state: State, colours: Palette) -> None:
    """The gap after each layer on a logarithmic scale, the present one filled and named."""
    flow, k = state.walk, state.layer
    layers, gaps = np.arange(len(flow.gaps)), np.maximum(flow.gaps, FLOOR)
    axes.plot(layers, gaps, color=colours.muted, linewidth=1.2, zorder=1)
    face = [colours.paper] * len(gaps)
    axes.scatter(layers, gaps, s=42, facecolors=face, edgecolors=colours.ink, linewidths=1.2)
    axes.scatter([k], [gaps[k]], s=120, marker="D", color=colours.guess, zorder=3, gid="now")
    axes.set_yscale("log")
    top = max(20.0, 1.5 * gaps.max())
    axes.set_ylim(FLOOR / 1.4, top)
    ticks = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 1000]
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in ticks if tick <= top]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-0.6, max(len(gaps) - 1, 1) + 0.6)
    every = max(1, -(-len(gaps) // 9))
    axes.set_xticks(layers[::every])
    axes.set_xlabel("layers", labelpad=0)
    axes.set_ylabel("nats", labelpad=0)
    axes.set_title(f"gap KL(q‖p) = {number(state.gap)} nats")
    if flow.twins:
        paint_missing_twin(axes, flow.gaps[0], colours)


def paint_missing_twin(axes: Axes, first: float, colours: Palette) -> None:
    """The gap of a q that misses one of two equal modes, at the side where no gap is near."""
    axes.axhline(np.log(2), color=colours.truth, linewidth=1.0, dashes=(4, 3), zorder=0)
    side = {"ha": "right", "x": axes.get_xlim()[1]} if first > 0.5 else {}
    axes.text(
        side.get("x", -0.5), np.log(2) * 1.06, "ln 2", ha=side.get("ha", "left"), va="bottom",
        color=colours.truth, fontsize=9,
    )  # fmt: skip
