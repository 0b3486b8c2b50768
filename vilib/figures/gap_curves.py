"""The left half of the gap meter: the two densities, and what each z adds to the KL."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from vilib.figures.gap_state import Gap, State, log_evidence, window
from vilib.figures.number import number
from vilib.figures.style import Palette

__all__ = ["paint_curves"]

LEFT, WIDTH = 0.075, 0.53


def paint_curves(figure: FigureBase, state: State, gap: Gap, colours: Palette) -> None:
    """Densities above, the integrand of the chosen KL below, on one axis of z."""
    above = figure.add_axes((LEFT, 0.43, WIDTH, 0.44))
    below = figure.add_axes((LEFT, 0.125, WIDTH, 0.19))
    z, log_p, log_q = curves(state)
    paint_densities(above, z, np.exp(log_p), np.exp(log_q), colours)
    paint_q_ruler(above, state, colours)
    paint_integrand(below, state, gap, z, log_p, log_q, colours)
    for axes in (above, below):
        axes.set_xlim(z[0], z[-1])
        # the labels stay where they are when the numbers on the axis grow
        axes.yaxis.set_label_coords(-0.098, 0.5)
    above.tick_params(labelbottom=False)


def curves(state: State) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """z, log p(z|x) and log q(z) on the target's window, `[N]` each."""
    z = torch.linspace(*window(state.target), 481, dtype=torch.double)
    log_p = state.target.log_joint(z) - log_evidence(state.target)
    return z.numpy(), log_p.numpy(), state.posterior.log_prob(z).numpy()


def paint_densities(
    axes: Axes, z: np.ndarray, p: np.ndarray, q: np.ndarray, colours: Palette
) -> None:
    """p(z|x) as a filled area with a thin line, q as a thick dashed line."""
    axes.fill_between(z, p, color=colours.truth, alpha=0.2, linewidth=0)
    axes.plot(z, p, color=colours.truth, linewidth=1.6, label="exact posterior p(z|x)")
    axes.plot(z, q, color=colours.guess, linewidth=2.6, dashes=(4, 1.6), label="your q(z)")
    # the target keeps its height until q is taller than it
    top = max(1.35 * p.max(), 1.08 * q.max())
    axes.set_ylim(-0.09 * top, top)
    axes.spines["bottom"].set_position(("data", 0.0))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], min_n_ticks=3))
    axes.set_ylabel("density")
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, frameon=False, handlelength=3.0
    )


def paint_q_ruler(axes: Axes, state: State, colours: Palette) -> None:
    """Below the zero line: q's mean as a triangle, mean ± scale as a bar."""
    y = 0.55 * axes.get_ylim()[0]
    reach = [state.mean - state.scale, state.mean + state.scale]
    axes.plot(reach, [y, y], color=colours.guess, linewidth=3.0, solid_capstyle="butt")
    axes.plot(state.mean, y, marker="^", markersize=8, color=colours.guess)


def paint_integrand(
    axes: Axes,
    state: State,
    gap: Gap,
    z: np.ndarray,
    log_p: np.ndarray,
    log_q: np.ndarray,
    colours: Palette,
) -> None:
    """The KL as a signed area: gains above the line, losses below."""
    reverse = state.direction == "reverse"
    weight, ratio = (np.exp(log_q), log_q - log_p) if reverse else (np.exp(log_p), log_p - log_q)
    y = weight * ratio
    for part, hatch in ((np.maximum(y, 0), "////"), (np.minimum(y, 0), "....")):
        axes.fill_between(
            z, part, facecolor=colours.gap, edgecolor=colours.ink, hatch=hatch, linewidth=0.6
        )
    axes.axhline(0, color=colours.muted, linewidth=0.8)
    axes.set_ylim(min(1.15 * y.min(), -0.12), max(1.15 * y.max(), 0.3))
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], min_n_ticks=2))
    axes.set_ylabel("nats / z")
    axes.set_xlabel("z", labelpad=0)
    words, a, b = ("reverse", "q", "p") if reverse else ("forward", "p", "q")
    value = number(gap.reverse_kl if reverse else gap.forward_kl)
    axes.set_title(f"{words} KL({a}‖{b}) = {value} nats: signed area of {a} · log({a}/{b})")
