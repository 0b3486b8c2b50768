"""The left half of the melting dice: soft rolls on the triangle of all mixtures of three faces."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import FigureBase

from vilib.figures.melting_state import State
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["NEAR", "near_a_face", "paint_cloud", "places"]

# the first face below on the left, the second on the right, the third above
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])
# a roll has made up its mind when its largest entry is above 1 - NEAR
NEAR = 0.05


def places(mixtures: np.ndarray) -> np.ndarray:
    """Where rows on the simplex lie in the plane, `[M, 2]`.

    Example: all three faces alike.
        >>> places(np.ones((1, 3)) / 3).round(3).tolist()
        [[0.5, 0.289]]
    """
    return mixtures @ CORNERS


def near_a_face(state: State) -> float:
    """Share of the cloud whose largest entry is above 1 - `NEAR`."""
    return float((state.cloud.max(1) > 1 - NEAR).mean())


def paint_cloud(figure: FigureBase, state: State, colours: Palette) -> None:
    """Triangle, cloud, its mean, and where the mean would be without the relaxation."""
    axes = figure.add_axes((0.0, 0.07, 0.47, 0.84))
    axes.set_aspect("equal")
    axes.set_xlim(-0.22, 1.22)
    axes.set_ylim(-0.13, 0.98)
    axes.axis("off")
    edge = np.vstack([CORNERS, CORNERS[:1]])
    axes.plot(*edge.T, color=colours.ink, linewidth=1.2, zorder=1)
    axes.scatter(
        *places(state.cloud).T, s=16, color=colours.guess, alpha=0.35, linewidth=0, gid="cloud"
    )
    for mixture, marker, face in (
        (state.probs, "D", colours.truth),
        (state.cloud.mean(0), "X", colours.paper),
    ):
        axes.plot(
            *places(mixture[None]).T,
            marker=marker,
            markersize=10,
            markerfacecolor=face,
            markeredgecolor=colours.ink,
            markeredgewidth=1.4,
            zorder=5,
        )
    for k, (x, y) in enumerate(CORNERS):
        words = f"{state.names[k]}: {number(state.probs[k])}"
        axes.text(x, y + (0.05 if y else -0.06), words, ha="center", va="bottom" if y else "top")
    figure.text(0.235, 0.93, f"{len(state.cloud)} soft rolls at τ = {number(state.temperature)}",
                ha="center", weight="bold")  # fmt: skip
    key = "◆ probabilities   ✖ mean of the soft rolls"
    if state.kind == "straight-through":
        key += "\nforwards, each counts as its nearest corner"
    figure.text(0.235, 0.09, key, ha="center", va="top", size=9, linespacing=1.15)
