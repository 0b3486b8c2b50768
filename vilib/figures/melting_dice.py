"""The melting dice of unit 05: what a temperature does to rolls, and to gradients.

Left: soft rolls softmax((a + ε) / τ) of a die with three faces. At low τ they lie in the corners,
at high τ they melt towards the middle. Right: how far off the gradient of E[f(z)] is at each τ,
taken apart into bias and variance, in units of the exact gradient.

    E‖g − ∇‖² = ‖E[g] − ∇‖² + Var[g] / S
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.melting_cloud import NEAR, near_a_face, paint_cloud
from vilib.figures.melting_curves import paint_curves
from vilib.figures.melting_state import KINDS, TEMPERATURES, Kind, State, roll
from vilib.figures.number import number, short
from vilib.figures.style import Palette, Style, look

__all__ = [
    "KINDS",
    "TEMPERATURES",
    "Kind",
    "State",
    "describe",
    "draw",
    "height",
    "paint",
    "roll",
]

SIZE = (9.0, 4.0)


def draw(state: State, style: Style = "light") -> Figure:
    """The melting dice as a figure of 900 x 400 pixels.

    Args:
        state: From `roll`, at any temperature, kind and number of samples.
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
    """Put the melting dice on a figure or on a part of one."""
    paint_cloud(figure, state, colours)
    paint_curves(figure, state, colours)


def describe(state: State) -> str:
    """The picture in words: where the rolls lie, and the error at this τ and at the best one.

    Example:
        >>> import torch
        >>> def f(z):
        ...     return torch.nn.functional.logsigmoid(3 * z[:, 0] - 2 * z[:, 1])
        >>> print(describe(roll(torch.tensor([1.2, -0.3, -1.0]).double(), f, num_draws=4000)))
        τ = 0.50: ... % of the rolls lie within 0.05 of a face. Gradient from 1 roll, soft, in \
units of the exact gradient squared: bias² 0.07... + variance 1... = error 1...; the lowest error \
is 0.4..., at τ = ...
    """
    step = state.step
    bias = short(state.bias[step]) if state.bias[step] else "not told from 0"
    rolls = "1 roll" if state.num_samples == 1 else f"{state.num_samples} rolls"
    return (
        f"τ = {number(state.temperature)}: {near_a_face(state):.0%} of the rolls lie within "
        f"{NEAR} of a face. Gradient from {rolls}, {state.kind}, in units of the exact gradient "
        f"squared: bias² {bias} + variance {short(state.spread[step])} = error "
        f"{short(state.error[step])}; the lowest error is {short(state.error[state.best])}, at "
        f"τ = {number(state.temperatures[state.best])}."
    ).replace("%", " %")
