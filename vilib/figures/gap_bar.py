"""The right half of the gap meter: one bar up to log p(x), cut into ELBO and KL.

The ELBO is negative in most models, so the bar does not start at zero: the axis is a scale of
nats that ends a little above log p(x), the bar's top lies at log p(x) whatever q is, and the ELBO
is a *level* that rises towards it. A torn lower edge says that the bar goes on below.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from vilib.figures.gap_state import Gap
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["RANGE", "paint_bar"]

# how many nats below log p(x) the scale shows
RANGE = 4.0
# least distance between two lines of text, in nats of this scale
LINE = 0.42


def paint_bar(figure: FigureBase, gap: Gap, colours: Palette) -> None:
    """The bar, its ceiling and its three labels."""
    axes = figure.add_axes((0.70, 0.125, 0.29, 0.745))
    top = gap.log_evidence
    axes.set_ylim(top - RANGE, top + 0.5)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_ylabel("nats")
    axes.set_title("log p(x) = ELBO + KL", pad=10)
    paint_parts(axes, gap, colours)
    paint_labels(axes, gap, colours)


def level(gap: Gap) -> float:
    """Where the bar is cut: the ELBO, or the end of the scale if it lies below."""
    return max(gap.elbo, gap.log_evidence - RANGE)


def paint_parts(axes: Axes, gap: Gap, colours: Palette) -> None:
    """ELBO solid, KL hatched; both together end at log p(x)."""
    low, cut, top = axes.get_ylim()[0], level(gap), gap.log_evidence
    box = {"width": 0.3, "align": "edge", "edgecolor": colours.ink}
    axes.bar(0.06, cut - low, bottom=low, facecolor=colours.elbo, **box, gid="elbo")
    axes.bar(0.06, top - cut, bottom=cut, facecolor=colours.gap, hatch="////", **box, gid="kl")
    tear = np.linspace(0.05, 0.37, 13)
    teeth = low + 0.12 * (np.arange(13) % 2)
    axes.fill_between(tear, low - 0.1, teeth, color=colours.paper, zorder=3)
    axes.plot(tear, teeth, color=colours.ink, linewidth=1.0, zorder=3)
    axes.axhline(top, color=colours.truth, linewidth=3.0, zorder=4, gid="ceiling")


def paint_labels(axes: Axes, gap: Gap, colours: Palette) -> None:
    """Three lines of text beside the bar, kept apart however thin a part is."""
    low, cut, top = axes.get_ylim()[0], level(gap), gap.log_evidence
    axes.text(0.44, top + 0.1, f"log p(x) = {number(top)}", weight="bold")
    kl_at = min((cut + top) / 2, top - 0.6 * LINE)
    elbo_at = max(min(cut, kl_at - LINE), low + LINE)
    elbo, kl, _ = gap.rounded()
    below = "\nbelow the scale" if gap.elbo < low else ""
    label(axes, (cut + top) / 2, kl_at, f"KL(q‖p) = {number(kl)}", colours)
    label(axes, cut, elbo_at, f"ELBO = {number(elbo)}{below}", colours)


def label(axes: Axes, end: float, y: float, words: str, colours: Palette) -> None:
    """One line of text, tied to the bar's edge at height `end`."""
    axes.plot([0.36, 0.42], [end, y], color=colours.muted, linewidth=1.0)
    axes.text(0.44, y, words, va="center")
