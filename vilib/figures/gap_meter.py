"""The gap meter of unit 01: you cannot see p(z|x), but you can see how far q is from it.

Left: the exact posterior and q, and below them where the KL comes from. Right: a bar from the
bottom of the scale to log p(x). Its top never moves; q only decides where it is cut into the ELBO
below and the KL above.

    log p(x) = ELBO + KL(q‖p(z|x))
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.gap_bar import paint_bar
from vilib.figures.gap_curves import paint_curves
from vilib.figures.gap_state import Gap, State, measure
from vilib.figures.number import number
from vilib.figures.style import Palette, Style, look

__all__ = ["State", "describe", "draw", "height", "measure", "paint"]

SIZE = (9.0, 4.0)


def draw(state: State, style: Style = "light") -> Figure:
    """The gap meter as a figure of 900 x 400 pixels.

    Args:
        state: Target, q and the direction of the KL that is taken apart.
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
    """Put the gap meter on a figure or on a part of one."""
    gap = measure(state)
    paint_curves(figure, state, gap, colours)
    paint_bar(figure, gap, colours)


def describe(state: State) -> str:
    """The gap meter in words: the identity with its numbers, then what q is.

    Example:
        >>> import torch
        >>> from types import SimpleNamespace
        >>> from torch.distributions import Normal
        >>> bell = SimpleNamespace(name="bell", low=-9.0, high=9.0, log_joint=Normal(0, 1).log_prob)
        >>> print(describe(State(bell, mean=1.0)))
        ELBO −0.50 + KL 0.50 = log p(x) 0.00 nats. Target: bell; q has mean 1.00 and scale 1.00.
    """
    gap = measure(state)
    q = f"q has mean {number(state.mean)} and scale {number(state.scale)}"
    words = f"{identity(gap)}. Target: {state.target.name}; {q}."
    if state.direction == "forward":
        forward = number(gap.forward_kl)
        words += f" Forward KL(p(z|x)‖q) = {forward} nats, which is no part of log p(x)."
    return words


def identity(gap: Gap) -> str:
    """ELBO + KL = log p(x) with numbers that add up as written."""
    return "ELBO {} + KL {} = log p(x) {} nats".format(*map(number, gap.rounded()))
