"""The melting dice that melt (unit 05): a slider for τ, and how many rolls make a gradient."""

from __future__ import annotations

from dataclasses import replace

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vilib.figures import melting_dice as figure
from vilib.figures.melting_dice import State
from vilib.figures.strip import strip
from vilib.figures.style import Style
from vilib.widgets.live import is_live
from vilib.widgets.panel import Panel
from vilib.widgets.still import show_still

__all__ = ["MeltingDice", "explore", "strip_states"]

SAMPLES = (1, 4, 16, 64, 256)


class MeltingDice:
    """The shell around `vilib.figures.melting_dice`: moves `step`, `kind` and `num_samples`.

    Args:
        state: From `vilib.figures.melting_dice.roll`.
        style: `light` or `dark`.

    Attributes:
        box: The widget to display.
    """

    def __init__(self, state: State, style: Style = "light") -> None:
        self.rolled = state
        self.step = ipywidgets.SelectionSlider(
            options=[(f"{t:g}", i) for i, t in enumerate(state.temperatures)],
            value=state.step,
            description="τ",
            layout={"width": "440px"},
        )
        self.kind = ipywidgets.ToggleButtons(
            options=list(figure.KINDS), value=state.kind, style={"button_width": "10em"}
        )
        self.samples = ipywidgets.Dropdown(
            options=sorted({*SAMPLES, state.num_samples}),
            value=state.num_samples,
            description="rolls S",
            layout={"width": "160px"},
        )
        row = ipywidgets.HBox([self.kind, self.samples])
        self.panel = Panel(self.draw, self.describe, [self.step, row], style)
        self.box = self.panel.box
        for control in (self.step, self.kind, self.samples):
            control.observe(self.panel.refresh, "value")

    @property
    def state(self) -> State:
        """What the controls say."""
        return replace(
            self.rolled,
            step=self.step.value,
            kind=self.kind.value,
            num_samples=self.samples.value,
        )

    def draw(self, style: Style) -> Figure:
        """The figure of the present state."""
        return figure.draw(self.state, style)

    def describe(self) -> str:
        """Its text."""
        return figure.describe(self.state)


def strip_states(state: State) -> list[State]:
    """Cold, lukewarm and hot; the last with the other kind and with many rolls."""
    last = len(state.temperatures) - 1
    return [
        replace(state, step=2),
        replace(state, step=last // 2, num_samples=64),
        replace(state, step=last - 2, num_samples=64, kind="straight-through"),
    ]


def explore(state: State, style: Style = "light") -> None:
    """Show the melting dice: with sliders in an open notebook, else at three temperatures.

    Args:
        state: From `vilib.figures.melting_dice.roll`.
        style: `light` or `dark`.
    """
    if is_live():
        display(MeltingDice(state, style).box)
        return
    states = strip_states(state)
    still = strip(states, figure.paint, figure.height, style)
    show_still(still, [figure.describe(s) for s in states])
