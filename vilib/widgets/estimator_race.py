"""The estimator race that runs (unit 04): a play button, and a slider to wind it back."""

from __future__ import annotations

from dataclasses import replace

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import estimator_race as figure
from vilib.figures.estimator_race import State
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["EstimatorRace", "explore", "strip_states"]


class EstimatorRace:
    """The shell around `vilib.figures.estimator_race`: moves `step`.

    Args:
        state: A finished race.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, state: State, style: Style = "light") -> None:
        self.race = state
        last = len(state.counts) - 1
        self.play = ipywidgets.Play(min=0, max=last, step=2, interval=300, value=last // 4)
        self.step = ipywidgets.SelectionSlider(
            options=[(str(n), i) for i, n in enumerate(state.counts)],
            value=last // 4,
            description="gradients",
            layout={"width": "560px"},
        )
        self.play.observe(self.advance, "value")
        row = ipywidgets.HBox([self.play, self.step])
        self.panel = Panel(self.draw, self.describe, [row], style)
        self.box = self.panel.box
        self.step.observe(self.moved, "value")

    @property
    def state(self) -> State:
        """The race as far as the slider says."""
        return replace(self.race, step=self.step.value)

    def advance(self, change: dict[str, object]) -> None:
        """The play button moves the slider."""
        self.step.value = change["new"]

    def moved(self, change: dict[str, object]) -> None:
        """The slider moved, and the play button goes on from there."""
        self.play.value = change["new"]
        self.panel.refresh()

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)


def strip_states(state: State) -> list[State]:
    """Early, halfway on the logarithmic scale, and the end."""
    last = len(state.counts) - 1
    return [replace(state, step=step) for step in (last // 4, last // 2, last)]


def explore(state: State, style: Style = "light") -> None:
    """Show the race: with a play button in an open notebook, else at three moments.

    Args:
        state: A finished race, from `vilib.figures.estimator_race.race`.
        style: `light` or `dark`.
    """
    if is_live():
        display(EstimatorRace(state, style).box)
        return
    states = strip_states(state)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(s) for s in states])
