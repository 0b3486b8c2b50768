"""The EM staircase of unit 02: E touches the curve from below, M jumps to the top of the bound.

Left: the exact log p(x | θ), and the bound ELBO(q, θ) as a curve over θ, for the present q. Right:
the same half-steps one after another, the ELBO as a staircase with the KL on top of it.

    ELBO(q, θ) + KL(q‖p(z | x, θ)) = log p(x | θ)
"""

from __future__ import annotations

from matplotlib.figure import Figure, FigureBase

from vilib.figures.em_curves import paint_curves
from vilib.figures.em_problem import problems
from vilib.figures.em_stairs import paint_stairs
from vilib.figures.em_state import HalfStep, State, climb
from vilib.figures.number import number
from vilib.figures.style import Palette, Style, look

__all__ = ["State", "climb", "describe", "draw", "height", "paint", "problems"]

SIZE = (9.0, 4.2)
# a change that rounds to nothing is none
NOTHING = 0.005


def draw(state: State, style: Style = "light") -> Figure:
    """The staircase as a figure of 900 x 420 pixels.

    Args:
        state: Problem, start, how many half-steps, and how far an E-step goes.
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
    """Put the staircase on a figure or on a part of one."""
    steps = climb(state)
    paint_curves(figure, state, steps, colours)
    paint_stairs(figure, steps, colours)


def describe(state: State) -> str:
    """The staircase in words: the identity with its numbers, and what the last half-step did.

    Example:
        >>> from vilib.figures.em_problem import Reviewers
        >>> print(describe(State(Reviewers("two", 0.5), start=0.6, count=1)))
        ELBO −40.37 + KL 0.00 = log p(x) −40.37 nats. Half-step 1, E: ...
    """
    steps = climb(state)
    last = steps[-1]
    identity = "ELBO {} + KL {} = log p(x) {} nats".format(*map(number, last.rounded()))
    way = "full E-steps" if state.share == 1 else f"E-steps that go {state.share:.0%} of the way"
    return f"{identity}. {happened(steps)} Model: {state.problem.name}, {way}."


def happened(steps: list[HalfStep]) -> str:
    """What the last half-step did, in a sentence."""
    last = steps[-1]
    if len(steps) == 1:
        return f"Start: θ = {last.theta:.3f}, q is uniform."
    before, n = steps[-2], len(steps) - 1
    rise = last.elbo - before.elbo
    if last.kind == "E":
        touches = last.kl < NOTHING
        end = "the bound touches the curve" if touches else "the bound does not touch the curve"
        return f"Half-step {n}, E: θ = {last.theta:.3f}, {end}; {change('the ELBO', rise)}."
    moved = f"θ went from {before.theta:.3f} to {last.theta:.3f}"
    gain = change("log p(x)", last.log_evidence - before.log_evidence)
    return f"Half-step {n}, M: {moved}; {change('the ELBO', rise)}, {gain}."


def change(what: str, by: float) -> str:
    """A change in words.

    Example:
        >>> change("log p(x)", -0.25), change("the ELBO", 0.001)
        ('log p(x) fell by 0.25', 'the ELBO stays')
    """
    if abs(by) < NOTHING:
        return f"{what} stays"
    return f"{what} {'rose' if by > 0 else 'fell'} by {number(abs(by))}"
