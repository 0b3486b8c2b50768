"""The EM staircase that moves (unit 02): half-step by half-step, with the start as a slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import em_staircase as figure
from vilib.figures.em_problem import Problem, problems
from vilib.figures.em_state import LAST, State
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["EMStaircase", "explore", "strip_states"]

WIDE = {"width": "440px"}
SHARES = [("full E-steps", 1.0), ("half-way E-steps", 0.5)]
# the start's slider has so many positions
POSITIONS = 92


class EMStaircase:
    """The shell around `vilib.figures.em_staircase`: reads the controls, holds no mathematics.

    Args:
        start: Where the controls stand first.
        menu: The problems to choose from.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, start: State, menu: Sequence[Problem], style: Style = "light") -> None:
        self.problems = {problem.name: problem for problem in menu}
        self.state = start
        self.problem = ipywidgets.Dropdown(
            options=list(self.problems), value=start.problem.name, description="model"
        )
        self.share = ipywidgets.ToggleButtons(
            options=SHARES, value=start.share, style={"button_width": "10em"}
        )
        self.next = ipywidgets.Button(description="next half-step", button_style="primary")
        self.count = ipywidgets.IntSlider(
            start.count, min=0, max=LAST, description="half-steps", layout=WIDE
        )
        self.places = ipywidgets.HBox()
        self.place()
        rows = [ipywidgets.HBox([self.problem, self.share, self.next])]
        self.panel = Panel(self.draw, self.describe, [*rows, self.places], style)
        self.box = self.panel.box
        self.problem.observe(self.change_problem, "value")
        self.share.observe(self.change_share, "value")
        self.count.observe(self.change_count, "value")
        self.next.on_click(self.step)

    def place(self) -> None:
        """A slider for the start, with the ends of the present problem."""
        low, high = self.state.problem.low, self.state.problem.high
        self.start = ipywidgets.FloatSlider(
            self.state.start,
            min=low,
            max=high,
            step=(high - low) / POSITIONS,
            description="start θ",
            layout=WIDE,
        )
        self.start.observe(self.change_start, "value")
        self.places.children = (self.start, self.count)

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)

    def show(self, state: State) -> None:
        """Take a state and draw it, if it is another."""
        if state != self.state:
            self.state = state
            self.panel.refresh()

    def change_start(self, change: dict[str, object]) -> None:
        """Another start: from the beginning. A slider that was replaced is not heard."""
        step = self.start.step
        if change["owner"] is self.start and abs(change["new"] - self.state.start) > 0.49 * step:
            self.state = replace(self.state, start=change["new"], count=0)
            self.count.value = 0
            self.panel.refresh()

    def change_count(self, change: dict[str, object]) -> None:
        """More or fewer half-steps."""
        self.show(replace(self.state, count=change["new"]))

    def change_share(self, change: dict[str, object]) -> None:
        """Full or half-way E-steps, from the same start."""
        self.show(replace(self.state, share=change["new"]))

    def change_problem(self, change: dict[str, object]) -> None:
        """Another problem: from its own start."""
        self.state = replace(beginning(self.problems[change["new"]]), share=self.state.share)
        self.count.value = 0
        self.place()
        self.panel.refresh()

    def step(self, _button: object) -> None:
        """One half-step more."""
        self.count.value = min(LAST, self.count.value + 1)


def beginning(problem: Problem) -> State:
    """A start to the right of the middle, where there is something to climb."""
    step = (problem.high - problem.low) / POSITIONS
    return State(problem, problem.low + round(0.61 * POSITIONS) * step)


def strip_states(start: State) -> list[State]:
    """The start's first E-step, the M-step after it, and where it ends."""
    return [replace(start, count=count) for count in (1, 2, LAST)]


def explore(
    problem: Problem | Sequence[Problem] | None = None,
    start: float | None = None,
    share: float = 1.0,
    style: Style = "light",
) -> None:
    """Show the staircase: with controls in an open notebook, else as a strip of three states.

    Args:
        problem: One problem, several for the menu, or None for those of `em_problem.problems`.
        start: θ before the first step; by default right of the middle.
        share: How far an E-step goes: 1 or 0.5.
        style: `light` or `dark`.

    Raises:
        ValueError: `start` lies outside the problem's interval, or `share` outside (0, 1].
    """
    choice = menu(problem)
    first = replace(beginning(choice[0]), share=share)
    if start is not None:
        first = replace(first, start=start)
    if is_live():
        display(EMStaircase(first, choice, style).box)
        return
    states = strip_states(first)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(state) for state in states])


def menu(problem: Problem | Sequence[Problem] | None) -> list[Problem]:
    """One problem or several as a list."""
    if problem is None:
        return list(problems().values())
    return [problem] if hasattr(problem, "log_joint") else list(problem)
