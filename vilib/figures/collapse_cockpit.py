"""The cockpit of unit 07: what a sentence costs while a VAE is trained, against the exact entropy.

Over the run: distortion as an area, the rate hatched on top of it, their common edge −ELBO, and the
entropy as a line that no edge can pass. Below: the active units and the weight β. To the right: the
bill of one moment.

    −ELBO = distortion + rate ≥ entropy
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.cockpit_panels import (
    paint_active,
    paint_beta,
    paint_bill,
    paint_cost,
    paint_use,
)
from vilib.figures.cockpit_state import State, state_of
from vilib.figures.number import number
from vilib.figures.style import Palette, Style, look

__all__ = ["State", "describe", "draw", "height", "paint", "state_of"]

SIZE = (9.0, 4.6)


def draw(state: State, style: Style = "light") -> Figure:
    """The cockpit as a figure of 900 x 460 pixels.

    Args:
        state: A run, and how much of it is shown.
        style: `light` or `dark`.
    """
    with look(style) as colours:
        figure = Figure(figsize=SIZE)
        paint(figure, state, colours)
    return figure


def height(_state: State) -> float:
    """How many inches the picture is high, whatever the state."""
    return SIZE[1]


def paint(figure: FigureBase, state: State, colours: Palette) -> None:
    """Put the cockpit on a figure or on a part of one."""
    left, width, cost = 0.075, 0.6, (0.43, 0.49)
    panels = (
        (paint_cost, (left, cost[0], width, cost[1])),
        (paint_active, (left, 0.28, width, 0.11)),
        (paint_beta, (left, 0.115, width, 0.125)),
    )
    for panel, box in panels:
        axes = figure.add_axes(box)
        panel(axes, state, colours)
        axes.yaxis.set_label_coords(-0.075, 0.5)
    # on the same scale and level as the costs: the edges of both go on into each other
    paint_bill(figure.add_axes((0.725, cost[0], 0.265, cost[1])), state, colours)
    paint_use(figure.add_axes((0.725, 0.115, 0.265, 0.275)), state, colours)


def describe(state: State) -> str:
    """The cockpit in words: the bill of now, and how it compares.

    Example:
        >>> row = {"beta": 1.0, "dev_rate": 0.05, "dev_nelbo": 17.0, "active": 1.0}
        >>> print(describe(state_of("plain", [row], 25, 16, 16.58, 16.9)))
        plain, step 25 of 25: distortion 16.95 + rate 0.05 = −ELBO 17.00 nats, 0.42 above the
        entropy 16.58; without a code 16.90. Active units: 1 of 16. β = 1.00.
    """
    distortion, rate, nelbo = map(number, state.rounded())
    words = (
        f"{state.name}, step {state.steps[state.now]} of {state.steps[-1]}: "
        f"distortion {distortion} + rate {rate} = −ELBO {nelbo} nats"
    )
    above = state.rounded()[2] - round(state.entropy, 2)
    if above == above:  # not NaN: the entropy is known
        words += f", {number(above)} above the entropy {number(state.entropy)}"
    return (
        f"{words}; without a code {number(state.control)}. "
        f"Active units: {state.active[state.now]:.0f} of {state.num_units}. "
        f"β = {number(float(state.betas[state.now]))}."
    )
