"""The layer scrubber of unit 06: a sheet of ruled paper bends, layer by layer, towards a target.

Left: the paper on which the noise was drawn, after k layers; the shade of a patch says how much it
was stretched or squeezed, and dashed lines are the target. Right: the gap after each layer.

    log q(z_k) = log N(x | 0, I) − ∑ log |det ∂z/∂z|,   KL(q_k ‖ p) by quadrature
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.number import number
from vilib.figures.scrubber_panels import paint_gaps, paint_scale, paint_sheet
from vilib.figures.scrubber_state import RING, State, Walk, walk
from vilib.figures.style import Palette, Style, look

__all__ = ["RING", "State", "Walk", "describe", "draw", "height", "paint", "walk"]

SIZE = (9.0, 4.9)


def draw(state: State, style: Style = "light") -> Figure:
    """The layer scrubber as a figure of 900 x 490 pixels.

    Args:
        state: Flow and layer.
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
    """Put the layer scrubber on a figure or on a part of one."""
    shades = paint_sheet(figure.add_axes((0.06, 0.10, 0.45, 0.81)), state, colours)
    paint_scale(figure.add_axes((0.535, 0.10, 0.016, 0.81)), shades, colours)
    paint_gaps(figure.add_axes((0.70, 0.10, 0.285, 0.81)), state, colours)


def describe(state: State) -> str:
    """The layer scrubber in words.

    Example:
        >>> from vilib.datasets.energies import energies
        >>> from vilib.models.bent_gaussian import BentGaussian
        >>> print(describe(State(walk("bell", BentGaussian(2), energies()["ring"]))))
        bell: before the first layer (0 of 0). Gap KL(q‖p) 2.78 nats. Log-determinant so far,
        within 2 standard deviations: from 0.00 to 0.00.
    """
    flow, k = state.walk, state.layer
    place = f"after layer {k} of {flow.num_layers}" if k else "before the first layer"
    place += "" if k else f" (0 of {flow.num_layers})"
    words = f"{flow.name}: {place}. Gap KL(q‖p) {number(state.gap)} nats"
    if k:
        change = state.gap - flow.gaps[k - 1]
        words += f", {number(abs(change))} {'more' if change > 0 else 'less'} than a layer before"
    low, high = map(number, state.extremes)
    reach = f"within {RING:g} standard deviations"
    return f"{words}. Log-determinant so far, {reach}: from {low} to {high}."
