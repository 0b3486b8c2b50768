"""Densities in the plane side by side, as maps: what the flows of unit 06 are to fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vilib.datasets.energies import Energy
from vilib.figures.style import Palette, Style, look

__all__ = ["describe", "draw"]

# half the side of each map
REACH = 6.0
# shares of the peak at which the density's contour lines run; the darkest shade is above the last
LEVELS = (0.05, 0.2, 0.4, 0.6, 0.8, 1.01)


def draw(targets: Mapping[str, Energy], style: Style = "light") -> Figure:
    """One map per target, as a figure of 900 x 270 pixels.

    Args:
        targets: Name → density; one to four.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=(9.0, 2.7))
        for place, (name, target) in enumerate(targets.items()):
            axes = figure.add_axes((0.05 + 0.24 * place, 0.14, 0.215, 0.72))
            paint(axes, target, colours)
            axes.set_title(f"{name}: log Z = {target.log_normaliser:.2f}")
            if place:
                axes.set_yticklabels([])
    return figure


def paint(axes: Axes, target: Energy, colours: Palette) -> None:
    """Shades and lines of one density."""
    axis = torch.linspace(-REACH, REACH, 241)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    density = target.log_density(points).exp().numpy()
    levels = np.array(LEVELS) * density.max()
    for step, level in enumerate(levels[:-1]):
        top = [level, levels[-1]]
        axes.contourf(axis, axis, density, top, colors=[colours.truth], alpha=0.12 + 0.05 * step)
    axes.contour(axis, axis, density, levels[:-1], colors=colours.ink, linewidths=0.7)
    axes.set_aspect("equal")
    axes.set_xticks([-4, 0, 4])
    axes.set_yticks([-4, 0, 4])


def describe(targets: Mapping[str, Energy]) -> str:
    """Each target in a sentence: where its mass lies.

    Example:
        >>> from vilib.datasets.energies import energies
        >>> print(describe({"u1": energies()["u1"]}))
        u1: mass from z₁ = −2.5 to 2.5 and from z₂ = −2.3 to 2.3, 1 % of it at |z₁| < 0.5.
    """
    return "\n".join(f"{name}: {where(target)}." for name, target in targets.items())


def where(target: Energy) -> str:
    """The interval of each coordinate that holds 98 % of the mass, and the share in the middle."""
    axis = torch.linspace(-REACH, REACH, 241, dtype=torch.double)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1)
    mass = target.log_density(points).flatten().softmax(0).reshape(len(axis), len(axis))
    spans = []
    for name, side in (("z₁", mass.sum(0)), ("z₂", mass.sum(1))):
        below = side.cumsum(0)
        low, high = axis[below > 0.01][0].item(), axis[below > 0.99][0].item()
        spans.append(f"from {name} = {low:.1f} to {high:.1f}".replace("-", "−"))
    between = mass.sum(0)[axis.abs() < 0.5].sum()
    return f"mass {spans[0]} and {spans[1]}, {between:.0%} of it at |z₁| < 0.5".replace("%", " %")
